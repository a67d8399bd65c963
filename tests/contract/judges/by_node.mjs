// @azure/msal-node and @microsoft/microsoft-graph-client: every list to its last page, by the library's own iterator.
import { createRequire } from "node:module";
import process from "node:process";

const require = createRequire(process.env.JUDGE_PACKAGES);
const { ConfidentialClientApplication } = require("@azure/msal-node");
const { Client, PageIterator } = require("@microsoft/microsoft-graph-client");

const here = JSON.parse(process.env.JUDGE_WHERE);
const isMicrosofts = here.authority === "https://login.microsoftonline.com";
const auth = {
  clientId: here.client_id,
  clientSecret: here.client_secret,
  authority: `${here.authority}/${here.tenant_id}`,
  ...(isMicrosofts ? {} : { knownAuthorities: [new URL(here.authority).host] }),
};
const login = new ConfidentialClientApplication({ auth });
const client = Client.initWithMiddleware({
  authProvider: {
    getAccessToken: async () =>
      (await login.acquireTokenByClientCredential({ scopes: ["https://graph.microsoft.com/.default"] })).accessToken,
  },
  ...(isMicrosofts ? {} : { baseUrl: here.graph, customHosts: new Set([new URL(here.graph).hostname]) }),
});

async function walk(path, top, version = "v1.0") {
  const request = client.api(path).version(version);
  const first = await (top ? request.top(top) : request).get();
  const rows = [];
  const iterator = new PageIterator(client, first, (row) => rows.push(row));
  await iterator.iterate();
  return rows;
}

const lists = {
  users: await walk("/users", 20),
  groups: await walk("/groups", 10),
  servicePrincipals: await walk("/servicePrincipals", 50),
  oauth2PermissionGrants: await walk("/oauth2PermissionGrants", 15),
  subscribedSkus: await walk("/subscribedSkus"),
  interactiveUser: await walk("/auditLogs/signIns", 300),
  members: [],
  appRoleAssignedTo: [],
};
for (const group of lists.groups) lists.members.push(...(await walk(`/groups/${group.id}/members`, 10)));
for (const principal of lists.servicePrincipals)
  lists.appRoleAssignedTo.push(...(await walk(`/servicePrincipals/${principal.id}/appRoleAssignedTo`, 20)));

const n = Object.fromEntries(Object.entries(lists).map(([name, rows]) => [name, rows.length]));
process.stdout.write(JSON.stringify({ n, node: process.version }));
