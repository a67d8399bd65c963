"""What an app may do on behalf of people, in plain words: the delegated permissions of Microsoft Graph.

Source: Microsoft Graph permissions reference, delegated permissions; the names are checked by tests/catalog.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

Reach = Literal["read_self", "read_company", "write_company", "other"]
"""read_self: reads what is the person's own; read_company: reads what is others' too; write_company: changes it;
other: acts for the person (sends, changes their own), or we have no words for it."""

REACHES: Final[tuple[Reach, ...]] = ("read_self", "other", "read_company", "write_company")
"""From the narrowest to the widest."""

_SELF, _OTHER, _READ, _WRITE = REACHES

SCOPES: Final[dict[str, tuple[Reach, str]]] = {
    "openid": (_SELF, "Sign people in"),
    "profile": (_SELF, "See their name"),
    "email": (_SELF, "See their mail address"),
    "offline_access": (_SELF, "Keep its access while they are away"),
    "User.Read": (_SELF, "Read their own profile"),
    "User.ReadWrite": (_OTHER, "Change their own profile"),
    "User.ReadBasic.All": (_READ, "Read names and mail addresses of everyone"),
    "User.Read.All": (_READ, "Read the full profile of everyone"),
    "User.ReadWrite.All": (_WRITE, "Change the profile of everyone"),
    "User.Invite.All": (_WRITE, "Invite guests"),
    "User.Export.All": (_READ, "Export the data of anyone"),
    "User.ManageIdentities.All": (_WRITE, "Change how anyone signs in"),
    "User.EnableDisableAccount.All": (_WRITE, "Disable and enable accounts"),
    "People.Read": (_SELF, "See whom they work with"),
    "People.Read.All": (_READ, "See who works with whom"),
    "Contacts.Read": (_SELF, "Read their contacts"),
    "Contacts.ReadWrite": (_OTHER, "Change their contacts"),
    "Mail.ReadBasic": (_SELF, "See senders and subjects of their mail"),
    "Mail.Read": (_SELF, "Read their mail"),
    "Mail.ReadWrite": (_OTHER, "Read, change and delete their mail"),
    "Mail.Send": (_OTHER, "Send mail in their name"),
    "Mail.Read.Shared": (_READ, "Read mail that was shared with them"),
    "Mail.ReadWrite.Shared": (_WRITE, "Change mail that was shared with them"),
    "Mail.Send.Shared": (_OTHER, "Send mail in the name of others who let them"),
    "MailboxSettings.Read": (_SELF, "Read their mailbox settings"),
    "MailboxSettings.ReadWrite": (_OTHER, "Change their mailbox settings and rules"),
    "IMAP.AccessAsUser.All": (_OTHER, "Read and change their mailbox by IMAP"),
    "POP.AccessAsUser.All": (_OTHER, "Read their mailbox by POP"),
    "SMTP.Send": (_OTHER, "Send mail in their name by SMTP"),
    "EAS.AccessAsUser.All": (_OTHER, "Read and change their mailbox by ActiveSync"),
    "EWS.AccessAsUser.All": (_OTHER, "Read and change their mailbox by Exchange web services"),
    "Calendars.ReadBasic": (_SELF, "See when they are busy"),
    "Calendars.Read": (_SELF, "Read their calendar"),
    "Calendars.ReadWrite": (_OTHER, "Change their calendar"),
    "Calendars.Read.Shared": (_READ, "Read calendars that were shared with them"),
    "Calendars.ReadWrite.Shared": (_WRITE, "Change calendars that were shared with them"),
    "Files.Read": (_SELF, "Read their files"),
    "Files.ReadWrite": (_OTHER, "Change and delete their files"),
    "Files.Read.All": (_READ, "Read every file they can open"),
    "Files.ReadWrite.All": (_WRITE, "Change and delete every file they can open"),
    "Files.Read.Selected": (_SELF, "Read files they choose"),
    "Files.ReadWrite.Selected": (_OTHER, "Change files they choose"),
    "Files.ReadWrite.AppFolder": (_OTHER, "Keep files in a folder of its own"),
    "Sites.Read.All": (_READ, "Read every SharePoint site they can open"),
    "Sites.ReadWrite.All": (_WRITE, "Change every SharePoint site they can open"),
    "Sites.Manage.All": (_WRITE, "Make and change lists on every SharePoint site they can open"),
    "Sites.FullControl.All": (_WRITE, "Do everything on every SharePoint site they can open"),
    "Sites.Selected": (_OTHER, "Use the SharePoint sites it was given"),
    "Notes.Read": (_SELF, "Read their notebooks"),
    "Notes.ReadWrite": (_OTHER, "Change their notebooks"),
    "Notes.Create": (_OTHER, "Make notebooks for them"),
    "Notes.Read.All": (_READ, "Read every notebook they can open"),
    "Notes.ReadWrite.All": (_WRITE, "Change every notebook they can open"),
    "Tasks.Read": (_SELF, "Read their tasks"),
    "Tasks.ReadWrite": (_OTHER, "Change their tasks"),
    "Chat.ReadBasic": (_SELF, "See whom they chat with"),
    "Chat.Read": (_SELF, "Read their chats"),
    "Chat.ReadWrite": (_OTHER, "Read their chats and write in them"),
    "ChatMessage.Send": (_OTHER, "Write chat messages in their name"),
    "ChannelMessage.Read.All": (_READ, "Read messages in every channel they can open"),
    "ChannelMessage.Send": (_OTHER, "Write in channels in their name"),
    "Channel.ReadBasic.All": (_READ, "See names of channels"),
    "Team.ReadBasic.All": (_READ, "See names of teams"),
    "TeamSettings.Read.All": (_READ, "Read settings of teams"),
    "TeamMember.Read.All": (_READ, "See who is in which team"),
    "TeamMember.ReadWrite.All": (_WRITE, "Add and remove members of teams"),
    "TeamsActivity.Send": (_OTHER, "Send them notices in Teams"),
    "OnlineMeetings.Read": (_SELF, "Read their online meetings"),
    "OnlineMeetings.ReadWrite": (_OTHER, "Make and change their online meetings"),
    "OnlineMeetingTranscript.Read.All": (_READ, "Read transcripts of their meetings"),
    "OnlineMeetingRecording.Read.All": (_READ, "Watch recordings of their meetings"),
    "Presence.Read": (_SELF, "See their own presence"),
    "Presence.Read.All": (_READ, "See the presence of everyone"),
    "Group.Read.All": (_READ, "Read groups, their members and what they share"),
    "Group.ReadWrite.All": (_WRITE, "Change groups, their members and what they share"),
    "GroupMember.Read.All": (_READ, "See who is in which group"),
    "GroupMember.ReadWrite.All": (_WRITE, "Add and remove members of groups"),
    "Directory.Read.All": (_READ, "Read people, groups and apps of the company"),
    "Directory.ReadWrite.All": (_WRITE, "Change people, groups and apps of the company"),
    "Directory.AccessAsUser.All": (_WRITE, "Do everything in the directory that they may do"),
    "Organization.Read.All": (_READ, "Read data of the company itself"),
    "Domain.Read.All": (_READ, "Read the company's domains"),
    "Application.Read.All": (_READ, "Read the company's apps"),
    "Application.ReadWrite.All": (_WRITE, "Change the company's apps"),
    "AppRoleAssignment.ReadWrite.All": (_WRITE, "Give apps and people permissions"),
    "DelegatedPermissionGrant.ReadWrite.All": (_WRITE, "Consent on behalf of everyone"),
    "RoleManagement.Read.Directory": (_READ, "See who is an administrator"),
    "RoleManagement.ReadWrite.Directory": (_WRITE, "Make people administrators"),
    "Policy.Read.All": (_READ, "Read the company's security policies"),
    "Policy.ReadWrite.ConditionalAccess": (_WRITE, "Change who may sign in from where"),
    "AuditLog.Read.All": (_READ, "Read sign-ins and changes of everyone"),
    "Reports.Read.All": (_READ, "Read usage reports of the company"),
    "SecurityEvents.Read.All": (_READ, "Read security alerts"),
    "IdentityRiskyUser.Read.All": (_READ, "See whose account may be in other hands"),
    "Device.Read": (_SELF, "See their devices"),
    "Device.Read.All": (_READ, "See every device"),
    "DeviceManagementManagedDevices.Read.All": (_READ, "Read data of managed devices"),
    "DeviceManagementManagedDevices.ReadWrite.All": (_WRITE, "Change managed devices"),
    "DeviceManagementManagedDevices.PrivilegedOperations.All": (_WRITE, "Wipe and lock managed devices"),
    "UserAuthenticationMethod.Read.All": (_READ, "See how everyone proves who they are"),
    "UserAuthenticationMethod.ReadWrite.All": (_WRITE, "Change how everyone proves who they are"),
    "Place.Read.All": (_READ, "See rooms and places"),
    "Bookings.Read.All": (_READ, "Read bookings they can open"),
    "ExternalItem.Read.All": (_READ, "Read indexed content of other systems"),
}  # fmt: skip
"""Name of the permission → how far it reaches, and what it lets an app do."""

_IN_LOWER: Final = {name.lower(): told for name, told in SCOPES.items()}


def reach(scope: str) -> Reach:
    """How far one permission reaches; of those without words of ours, judged by the parts of its name."""
    if told := _IN_LOWER.get(scope.lower()):
        return told[0]
    verbs = scope.lower().split(".")[1:]
    if not verbs or verbs[-1] != "all":
        return "read_self" if verbs in (["read"], ["readbasic"]) else "other"
    return "read_company" if verbs[0] in ("read", "readbasic") else "write_company"


def widest(scopes: Iterable[str]) -> Reach:
    """How far all of them together reach. Without any: other."""
    return max(map(reach, scopes), key=REACHES.index, default="other")


def may(scope: str) -> str:
    """What one permission lets an app do; its bare name where we have no words for it."""
    if told := _IN_LOWER.get(scope.lower()):
        return told[1]
    if scope.lower() == "user_impersonation":
        return "Do everything that they may do there"
    return f"Use the permission {scope}"
