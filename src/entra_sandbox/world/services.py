"""Services that companies buy, as the app gallery would list them: what stands behind the apps that are not homemade.

Names, vendors and domains are real so that a demo reads like a tenant; everything said of their use is made up.
"""

from __future__ import annotations

from typing import NamedTuple

from entra_sandbox.world.chance import guid, number


class Service(NamedTuple):
    """categories: the gallery's words, some none."""

    name: str
    domain: str
    publisher: str
    categories: tuple[str, ...]

    @property
    def template_id(self) -> str:
        return guid("template", self.name)

    @property
    def is_listed(self) -> bool:
        """Whether the gallery still has it: a few were taken out after apps were made from them."""
        return number("listed", self.name) % 23 != 0


_LINES = """
Salesforce|salesforce.com|Salesforce|crm
Slack|slack.com|Slack Technologies|collaboration productivity
Zoom|zoom.us|Zoom Video Communications|collaboration telecommunications
Workday|workday.com|Workday|humanResources erp
ServiceNow|service-now.com|ServiceNow|itInfrastructure
Jira|atlassian.net|Atlassian|projectManagement developerServices
Confluence|atlassian.net|Atlassian|contentManagement collaboration
Miro|miro.com|Miro|collaboration
Figma|figma.com|Figma|developerServices
Notion|notion.so|Notion Labs|productivity
Asana|asana.com|Asana|projectManagement
monday.com|monday.com|monday.com|projectManagement
Smartsheet|smartsheet.com|Smartsheet|projectManagement
Adobe Creative Cloud|adobe.com|Adobe|media
Canva|canva.com|Canva|media
DocuSign|docusign.com|DocuSign|contentManagement businessManagement
Dropbox|dropbox.com|Dropbox|collaboration
Box|box.com|Box|collaboration contentManagement
Tableau|tableau.com|Tableau Software|dataServices
Snowflake|snowflake.com|Snowflake|dataServices
Databricks|databricks.com|Databricks|dataServices
HubSpot|hubspot.com|HubSpot|crm marketing
Zendesk|zendesk.com|Zendesk|crm
Intercom|intercom.com|Intercom|crm
GitHub|github.com|GitHub|developerServices
GitLab|gitlab.com|GitLab|developerServices
Datadog|datadoghq.com|Datadog|itInfrastructure
New Relic|newrelic.com|New Relic|itInfrastructure
PagerDuty|pagerduty.com|PagerDuty|itInfrastructure
Cloudflare|cloudflare.com|Cloudflare|itInfrastructure
Okta|okta.com|Okta|itInfrastructure
1Password|1password.com|AgileBits|itInfrastructure
LastPass|lastpass.com|LastPass|itInfrastructure
KnowBe4|knowbe4.com|KnowBe4|itInfrastructure education
Zscaler|zscaler.com|Zscaler|itInfrastructure
Splunk|splunk.com|Splunk|itInfrastructure
Sentry|sentry.io|Functional Software|developerServices
LaunchDarkly|launchdarkly.com|Catamorphic|developerServices
CircleCI|circleci.com|Circle Internet Services|developerServices
JFrog|jfrog.com|JFrog|developerServices
Postman|postman.com|Postman|developerServices
SAP Concur|concur.com|SAP|finance travel
Expensify|expensify.com|Expensify|finance
Xero|xero.com|Xero|finance
NetSuite|netsuite.com|Oracle|erp
Odoo|odoo.com|Odoo|erp
BambooHR|bamboohr.com|BambooHR|humanResources
Personio|personio.com|Personio|humanResources
Greenhouse|greenhouse.io|Greenhouse Software|humanResources
Rippling|rippling.com|Rippling|humanResources
ADP|adp.com|ADP|humanResources
LinkedIn Learning|linkedin.com|LinkedIn|education
Udemy Business|udemy.com|Udemy|education
Pluralsight|pluralsight.com|Pluralsight|education
Coursera|coursera.org|Coursera|education
Mailchimp|mailchimp.com|Intuit|marketing
Hootsuite|hootsuite.com|Hootsuite|marketing
Klaviyo|klaviyo.com|Klaviyo|marketing
Semrush|semrush.com|Semrush|marketing
SurveyMonkey|surveymonkey.com|Momentive|marketing
Typeform|typeform.com|Typeform|
Lucidchart|lucidchart.com|Lucid Software|collaboration
Mural|mural.co|Tactivos|collaboration
Grammarly|grammarly.com|Grammarly|productivity
DeepL|deepl.com|DeepL|productivity
Evernote|evernote.com|Evernote|productivity
Todoist|todoist.com|Doist|productivity
Trello|trello.com|Atlassian|projectManagement
ClickUp|clickup.com|ClickUp|projectManagement
Airtable|airtable.com|Formagrid|
Calendly|calendly.com|Calendly|productivity
Zapier|zapier.com|Zapier|productivity
Loom|loom.com|Loom|collaboration
Vimeo|vimeo.com|Vimeo|media
Webex|webex.com|Cisco|collaboration
RingCentral|ringcentral.com|RingCentral|telecommunications
Aircall|aircall.io|Aircall|telecommunications
TeamViewer|teamviewer.com|TeamViewer|tools
Mimecast|mimecast.com|Mimecast|mail
Gusto|gusto.com|Gusto|humanResources
Shopify|shopify.com|Shopify|eCommerce
Adyen|adyen.com|Adyen|finance
Stripe|stripe.com|Stripe|finance
Brex|brex.com|Brex|finance
Pleo|pleo.io|Pleo|finance
TripIt|tripit.com|Concur Technologies|travel
Uber for Business|uber.com|Uber|travel
Booking.com for Business|booking.com|Booking.com|travel
Webflow|webflow.com|Webflow|webDesignHosting
Contentful|contentful.com|Contentful|contentManagement
Mixpanel|mixpanel.com|Mixpanel|dataServices
Qualtrics|qualtrics.com|Qualtrics|
Pipedrive|pipedrive.com|Pipedrive|crm
Eventbrite|eventbrite.com|Eventbrite|marketing
OpenAI|openai.com|OpenAI|productivity
Claude|claude.ai|Anthropic|productivity
Clio|clio.com|Themis Solutions|businessManagement
Envoy|envoy.com|Envoy|businessManagement
ArcGIS Online|arcgis.com|Esri|dataServices
Autodesk|autodesk.com|Autodesk|media
MATLAB|mathworks.com|MathWorks|tools
Headspace|headspace.com|Headspace|health
Strava|strava.com|Strava|health
Spotify|spotify.com|Spotify|consumer
The New York Times|nytimes.com|The New York Times|media
Mentimeter|mentimeter.com|Mentimeter|
Kahoot!|kahoot.com|Kahoot|education
Overleaf|overleaf.com|Digital Science|contentManagement
Toggl Track|toggl.com|Toggl|projectManagement
Twilio|twilio.com|Twilio|telecommunications
SendGrid|sendgrid.com|Twilio|mail
Bitwarden|bitwarden.com|Bitwarden|itInfrastructure
Egnyte|egnyte.com|Egnyte|collaboration
"""

SERVICES = tuple(
    Service(name, domain, publisher, tuple(categories.split()))
    for name, domain, publisher, categories in (line.split("|") for line in _LINES.strip().splitlines())
)
GALLERY = {service.template_id: service for service in SERVICES if service.is_listed}
"""Template id → service, of those the gallery lists today."""

_AGAIN = ("Sandbox", "EMEA", "(UAT)", "Americas", "legacy", "Test", "(old)", "APAC")


def service_of(slot: int, seed: int, n: int) -> tuple[Service, str]:
    """The service in a slot, and what it is called: without doubles until all are there once, then as a second one.

    n:  how many the slot has had before.
    """
    # 37 has no factor in common with the number of services, so that neighbours in the list are no neighbours here.
    place = slot * 37 + n * 11 + number(seed, "services") % len(SERVICES)
    service, turn = SERVICES[place % len(SERVICES)], (slot + n * 7) // len(SERVICES)
    return service, f"{service.name} {_AGAIN[turn % len(_AGAIN)]}" if turn else service.name
