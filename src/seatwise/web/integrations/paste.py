"""The guide as one paste: scripts that register the app, grant consent and print the three values.

Sources: Azure CLI reference, "az ad app"; Microsoft Graph reference, "serviceprincipal-post-approleassignments";
Microsoft Graph PowerShell reference; documentation of Terraform's azuread provider.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from seatwise.catalog.permissions import FIVE

GRAPH_APP_ID: Final = "00000003-0000-0000-c000-000000000000"
"""Microsoft Graph, in every cloud."""
_POWERSHELL_CLOUDS: Final = {"gcc-high": "USGov", "dod": "USGovDoD", "china": "China"}
_TERRAFORM_CLOUDS: Final = {"gcc-high": "usgovernmentl4", "dod": "usgovernmentl5", "china": "china"}
_AZ_CLOUDS: Final = {"gcc-high": "AzureUSGovernment", "dod": "AzureUSGovernment", "china": "AzureChinaCloud"}


@dataclass(frozen=True, slots=True)
class Paste:
    """One script. where: what to open before pasting; after: where the three values appear."""

    key: str
    name: str
    where: str
    after: str
    text: str


def pastes(redirect_uri: str, cloud: str = "global") -> list[Paste]:
    """The same work in three languages. redirect_uri: of this install; it stands in each script."""
    return [
        Paste(
            "az",
            "Azure Cloud Shell",
            "Open Cloud Shell (the >_ button in the bar of the Azure portal), choose Bash, paste, press Enter.",
            "The last three lines are what to enter in Seatwise.",
            _az(redirect_uri, cloud),
        ),
        Paste(
            "powershell",
            "PowerShell",
            "Needs the Microsoft Graph module: Install-Module Microsoft.Graph. Then paste; a sign-in window opens.",
            "The last three lines are what to enter in Seatwise.",
            _powershell(redirect_uri, cloud),
        ),
        Paste(
            "terraform",
            "Terraform",
            "Save as seatwise.tf in an empty folder, sign in with az login, run: terraform init && terraform apply",
            "Print the secret with: terraform output -raw client_secret. "
            "It also stands in the state file, so keep that file as you keep passwords.",
            _terraform(redirect_uri, cloud),
        ),
    ]


def _az(redirect_uri: str, cloud: str) -> str:
    roles = "\n".join(f'  "{one.role_id}" # {one.name}' for one in FIVE.values())
    scopes = "\n".join(f'  "{one.scope_id}" # {one.name}' for one in FIVE.values())
    chosen = f"az cloud set --name {_AZ_CLOUDS[cloud]}\naz login --output none\n" if cloud in _AZ_CLOUDS else ""
    return f"""\
# Registers Seatwise in Entra, read-only, and prints what to enter. In brackets, so that an error ends only this.
(
set -eu
{chosen}name="Seatwise"
redirect="{redirect_uri}"
graph_app="{GRAPH_APP_ID}"
roles=(
{roles}
)
scopes=(
{scopes}
)
names="{" ".join(FIVE)}"
graph_url="$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv)"
graph_url="${{graph_url%/}}/v1.0"
again() {{ for wait in 5 10 20 40; do "$@" && return 0; sleep "$wait"; done; "$@"; }}

tenant="$(az account show --query tenantId --output tsv)"
client="$(az ad app create --display-name "$name" --sign-in-audience AzureADMyOrg \\
  --web-redirect-uris "$redirect" --query appId --output tsv)"
az ad app permission add --id "$client" --api "$graph_app" --only-show-errors \\
  --api-permissions "${{roles[@]/%/=Role}}" "${{scopes[@]/%/=Scope}}"
az ad sp show --id "$client" --output none 2>/dev/null || again az ad sp create --id "$client" --output none
principal="$(az ad sp show --id "$client" --query id --output tsv)"
graph="$(az ad sp show --id "$graph_app" --query id --output tsv)"

# Admin consent, once for the application permissions and once for the delegated ones.
have="$(az rest --url "$graph_url/servicePrincipals/$principal/appRoleAssignments" \\
  --query "value[].appRoleId" --output tsv)"
for role in "${{roles[@]}}"; do
  case "$have" in *"$role"*) continue ;; esac
  again az rest --method POST --url "$graph_url/servicePrincipals/$principal/appRoleAssignments" --output none \\
    --headers "Content-Type=application/json" \\
    --body "{{\\"principalId\\":\\"$principal\\",\\"resourceId\\":\\"$graph\\",\\"appRoleId\\":\\"$role\\"}}"
done
again az ad app permission grant --id "$client" --api "$graph_app" --scope $names --output none

secret="$(az ad app credential reset --id "$client" --display-name "$name" --years 1 --append \\
  --only-show-errors --query password --output tsv)"
printf '\\nClient ID:     %s\\nClient Secret: %s\\nTenant ID:     %s\\n' "$client" "$secret" "$tenant"
)
"""


def _powershell(redirect_uri: str, cloud: str) -> str:
    roles = "\n".join(f'  "{one.role_id}" # {one.name}' for one in FIVE.values())
    scopes = "\n".join(f'  "{one.scope_id}" # {one.name}' for one in FIVE.values())
    place = f" -Environment {_POWERSHELL_CLOUDS[cloud]}" if cloud in _POWERSHELL_CLOUDS else ""
    return f"""\
# Registers Seatwise in Entra, read-only, and prints what to enter.
& {{
$ErrorActionPreference = "Stop"
$name = "Seatwise"
$redirect = "{redirect_uri}"
$graphApp = "{GRAPH_APP_ID}"
$roles = @(
{roles}
)
$scopes = @(
{scopes}
)
Connect-MgGraph -NoWelcome{place} -Scopes @(
  "Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All"
)
$access = @($roles | ForEach-Object {{ @{{ Id = $_; Type = "Role" }} }})
$access += @($scopes | ForEach-Object {{ @{{ Id = $_; Type = "Scope" }} }})
$app = New-MgApplication -DisplayName $name -SignInAudience "AzureADMyOrg" `
  -Web @{{ RedirectUris = @($redirect) }} `
  -RequiredResourceAccess @(@{{ ResourceAppId = $graphApp; ResourceAccess = $access }})
$principal = New-MgServicePrincipal -AppId $app.AppId
$graph = Get-MgServicePrincipal -Filter "appId eq '$graphApp'"

# Admin consent, once for the application permissions and once for the delegated ones.
foreach ($role in $roles) {{
  New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $principal.Id -PrincipalId $principal.Id `
    -ResourceId $graph.Id -AppRoleId $role | Out-Null
}}
New-MgOauth2PermissionGrant -ClientId $principal.Id -ConsentType "AllPrincipals" -ResourceId $graph.Id `
  -Scope "{" ".join(FIVE)}" | Out-Null

$secret = Add-MgApplicationPassword -ApplicationId $app.Id `
  -PasswordCredential @{{ DisplayName = $name; EndDateTime = (Get-Date).AddYears(1) }}
Write-Host ""
Write-Host "Client ID:     $($app.AppId)"
Write-Host "Client Secret: $($secret.SecretText)"
Write-Host "Tenant ID:     $((Get-MgContext).TenantId)"
}}
"""


def _terraform(redirect_uri: str, cloud: str) -> str:
    width = max(len(name) for name in FIVE) + 2
    roles = "\n".join(f'    {chr(34) + one.name + chr(34):<{width}} = "{one.role_id}"' for one in FIVE.values())
    scopes = "\n".join(f'    {chr(34) + one.name + chr(34):<{width}} = "{one.scope_id}"' for one in FIVE.values())
    place = f'\n  environment = "{_TERRAFORM_CLOUDS[cloud]}"\n' if cloud in _TERRAFORM_CLOUDS else ""
    return f"""\
# Registers Seatwise in Entra, read-only, and gives what to enter.
terraform {{
  required_providers {{
    azuread = {{
      source  = "hashicorp/azuread"
      version = "~> 3.0"
    }}
  }}
}}

provider "azuread" {{{place}}}

locals {{
  graph_app = "{GRAPH_APP_ID}"
  roles = {{
{roles}
  }}
  scopes = {{
{scopes}
  }}
}}

data "azuread_client_config" "current" {{}}

data "azuread_service_principal" "graph" {{
  client_id = local.graph_app
}}

resource "azuread_application" "seatwise" {{
  display_name     = "Seatwise"
  sign_in_audience = "AzureADMyOrg"

  web {{
    redirect_uris = ["{redirect_uri}"]
  }}

  required_resource_access {{
    resource_app_id = local.graph_app

    dynamic "resource_access" {{
      for_each = local.roles
      content {{
        id   = resource_access.value
        type = "Role"
      }}
    }}

    dynamic "resource_access" {{
      for_each = local.scopes
      content {{
        id   = resource_access.value
        type = "Scope"
      }}
    }}
  }}
}}

resource "azuread_service_principal" "seatwise" {{
  client_id = azuread_application.seatwise.client_id
}}

# Admin consent, once for the application permissions and once for the delegated ones.
resource "azuread_app_role_assignment" "seatwise" {{
  for_each            = local.roles
  app_role_id         = each.value
  principal_object_id = azuread_service_principal.seatwise.object_id
  resource_object_id  = data.azuread_service_principal.graph.object_id
}}

resource "azuread_service_principal_delegated_permission_grant" "seatwise" {{
  service_principal_object_id          = azuread_service_principal.seatwise.object_id
  resource_service_principal_object_id = data.azuread_service_principal.graph.object_id
  claim_values                         = keys(local.scopes)
}}

resource "azuread_application_password" "seatwise" {{
  application_id = azuread_application.seatwise.id
  display_name   = "Seatwise"
  end_date       = timeadd(plantimestamp(), "8760h")

  lifecycle {{
    ignore_changes = [end_date]
  }}
}}

output "client_id" {{
  value = azuread_application.seatwise.client_id
}}

output "client_secret" {{
  value     = azuread_application_password.seatwise.value
  sensitive = true
}}

output "tenant_id" {{
  value = data.azuread_client_config.current.tenant_id
}}
"""
