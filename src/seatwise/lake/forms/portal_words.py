"""Names of the portal download's columns in the languages of the admin centre."""

from __future__ import annotations

import unicodedata

# Ours on the left; the portal's names, as its languages write them, on the right. Names are compared without case,
# accents, blanks and punctuation, so "Nom d’utilisateur" and "nom d'utilisateur" are one.
WORDS = {
    "at": (
        "Date (UTC) | Date | Datum (UTC) | Datum | Fecha (UTC) | Fecha | Data (UTC) | Data | 日付 (UTC) | 日付 | 日時 "
        "(UTC) | Created date time | createdDateTime | Date UTC | Sign-in date | Anmeldedatum | Date de connexion"
    ),
    "id": (
        "Request ID | Anforderungs-ID | Anfrage-ID | ID de demande | ID de la demande | ID de requête | ID de la "
        "requête | Identificateur de la demande | Id. de solicitud | ID de solicitud | Identificador de solicitud "
        "| ID richiesta | ID della richiesta | Aanvraag-id | Id aanvraag | ID da Solicitação | ID do pedido | ID "
        "de Solicitação | 要求 ID | リクエスト ID"
    ),
    "correlation_id": (
        "Correlation ID | Korrelations-ID | ID de corrélation | Id. de correlación | ID de correlación | ID "
        "correlazione | ID di correlazione | Correlatie-id | ID de Correlação | ID da correlação | 関連付け ID | 相関 "
        "ID"
    ),
    "user_id": (
        "User ID | Benutzer-ID | ID utilisateur | ID de l'utilisateur | ID d'utilisateur | Id. de usuario | ID de "
        "usuario | Identificador de usuario | ID utente | Gebruikers-id | Gebruiker-id | ID do usuário | ID de "
        "Usuário | ID do utilizador | ユーザー ID"
    ),
    "user_name": (
        "User | Benutzer | Utilisateur | Usuario | Utente | Gebruiker | Usuário | Utilizador | ユーザー | User "
        "display name"
    ),
    "upn": (
        "Username | User name | User principal name | Benutzername | Nom d'utilisateur | Nombre de usuario | Nome "
        "utente | Gebruikersnaam | Nome de usuário | Nome do usuário | Nome de utilizador | ユーザー名 | "
        "Benutzerprinzipalname | Nom d'utilisateur principal"
    ),
    "user_type": (
        "User type | Benutzertyp | Type d'utilisateur | Tipo de usuario | Tipo di utente | Tipo utente | "
        "Gebruikerstype | Type gebruiker | Tipo de usuário | Tipo de utilizador | ユーザーの種類 | ユーザー タイプ"
    ),
    "app_name": (
        "Application | App | Anwendung | Aplicación | Applicazione | Toepassing | Applicatie | Aplicativo | "
        "Aplicação | アプリケーション"
    ),
    "app_id": (
        "Application ID | App ID | Anwendungs-ID | ID d'application | ID de l'application | Id. de aplicación | "
        "ID de aplicación | Id. de la aplicación | ID de la aplicación | ID applicazione | ID dell'applicazione | "
        "Toepassings-id | Toepassing-id | Applicatie-id | Id van toepassing | ID do aplicativo | ID da aplicação "
        "| ID do Aplicativo | アプリケーション ID"
    ),
    "app_owner_tenant_id": (
        "App owner tenant ID | Mandanten-ID des App-Besitzers | ID de locataire du propriétaire de l'application "
        "| Id. de inquilino del propietario de la aplicación | ID tenant proprietario app | Tenant-id van app- "
        "eigenaar | ID de locatário do proprietário do aplicativo | アプリ所有者テナント ID"
    ),
    "resource_name": "Resource | Ressource | Recurso | Risorsa | Resource (naam) | Bron | リソース",
    "resource_id": (
        "Resource ID | Ressourcen-ID | ID de ressource | ID de la ressource | Id. de recurso | ID de recurso | ID "
        "risorsa | Resource-id | Bron-id | ID do recurso | ID de Recurso | リソース ID"
    ),
    "resource_tenant_id": (
        "Resource tenant ID | Ressourcenmandanten-ID | Mandanten-ID der Ressource | ID de locataire de ressource "
        "| ID de locataire de la ressource | ID du locataire de la ressource | ID du locataire de ressources | "
        "Id. de inquilino de recurso | ID de inquilino de recurso | Id. de inquilino del recurso | ID del "
        "inquilino del recurso | ID tenant risorsa | ID tenant della risorsa | Tenant-id van resource | "
        "Resourcetenant-id | ID de locatário do recurso | ID do locatário do recurso | ID do inquilino do recurso "
        "| リソース テナント ID | リソースのテナント ID"
    ),
    "ip_address": (
        "IP address | IP-Adresse | Adresse IP | Dirección IP | Indirizzo IP | IP-adres | Endereço IP | IP アドレス"
    ),
    "status": "Status | Statut | Estado | Stato | État | 状態 | ステータス | Status der Anmeldung",
    "error_code": (
        "Sign-in error code | Fehlercode bei der Anmeldung | Anmeldefehlercode | Fehlercode der Anmeldung | Code "
        "d'erreur de connexion | Code d'erreur de la connexion | Código de error de inicio de sesión | Codice "
        "errore di accesso | Codice di errore di accesso | Codice errore accesso | Foutcode voor aanmelding | "
        "Foutcode bij aanmelden | Aanmeldingsfoutcode | Código de erro de entrada | Código de erro de logon | "
        "Código de erro de início de sessão | サインイン エラー コード | サインインのエラー コード | Error code"
    ),
    "client_app": (
        "Client app | Client-App | Clientanwendung | Application cliente | Aplicación cliente | App client | "
        "Applicazione client | Client-app | Aplicativo cliente | Aplicação cliente | クライアント アプリ"
    ),
    "principal_id": (
        "Service principal ID | Dienstprinzipal-ID | ID de principal de service | ID du principal de service | "
        "Id. de entidad de servicio | ID de entidad de servicio | ID entità servizio | Service-principal-id | ID "
        "da entidade de serviço | サービス プリンシパル ID"
    ),
    "principal_name": (
        "Service principal name | Dienstprinzipalname | Nom de principal de service | Nom du principal de service "
        "| Nombre de entidad de servicio | Nombre de la entidad de servicio | Nome entità servizio | Naam van "
        "service-principal | Service-principalnaam | Nome da entidade de serviço | サービス プリンシパル名"
    ),
    "identity_type": (
        "Managed Identity type | Typ der verwalteten Identität | Type d'identité managée | Tipo de identidad "
        "administrada | Tipo identità gestita | Type beheerde identiteit | Tipo de identidade gerenciada | マネージド "
        "ID の種類"
    ),
    "token": (
        "Unique token identifier | Eindeutiger Tokenbezeichner | Identificateur de jeton unique | Identificador "
        "de token único | Identificatore univoco del token | Unieke token-id | Identificador de token exclusivo | "
        "一意のトークン識別子"
    ),
    "n_grouped": "# sign ins | # sign-ins | Sign-in count | Number of sign-ins | signInCount",
}

# Column names of other portal downloads, with the kind and reason under which their rows are counted.
OTHER_DOWNLOADS = (
    ({"actortype", "actordisplayname"}, "audit", "category_not_kept"),
    ({"activity", "service", "category"}, "audit", "category_not_kept"),
    ({"authenticationmethod", "succeeded"}, "authenticationDetail", "detail_of_another_record"),
    ({"requestid", "authenticationmethod"}, "authenticationDetail", "detail_of_another_record"),
    ({"userprincipalname", "displayname", "usertype"}, "user", "directory_object"),
    ({"grouptype", "membershiptype"}, "group", "directory_object"),
)


def folded(name: str) -> str:
    """A name without case, accents, blanks and punctuation."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in apart if sign.isalnum())


COLUMNS = {folded(word): ours for ours, words in WORDS.items() for word in words.split("|")}


# The status in words, for files that have no error code column.
SUCCESS_WORDS = (
    "Success | Succeeded | Erfolg | Erfolgreich | Succès | Réussite | Réussi | Correcto | Éxito | Aceptado | "
    "Esito positivo | Operazione riuscita | Riuscito | Completato | Geslaagd | Voltooid | Gelukt | Êxito | "
    "Sucesso | Com êxito | Bem-sucedido | 成功"
)
NOT_SUCCESS_WORDS = (
    "Failure | Failed | Interrupted | Fehler | Fehlgeschlagen | Unterbrochen | Échec | Interrompu | Error | "
    "Erróneo | Incorrecto | Interrumpido | Errore | Esito negativo | Operazione non riuscita | Interrotto | "
    "Mislukt | Fout | Onderbroken | Falha | Interrompido | 失敗 | エラー | 中断"
)
SUCCESS = frozenset(folded(word) for word in SUCCESS_WORDS.split("|"))
NOT_SUCCESS = frozenset(folded(word) for word in NOT_SUCCESS_WORDS.split("|"))
