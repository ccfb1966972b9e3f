// An OpenID Connect provider on this machine, for the tests of signing in: FOLDER with node_modules.
// Clients register themselves; whoever types a name on its own page is that person.
import http from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const library = path.join(process.argv[2], 'node_modules', 'oidc-provider', 'lib', 'index.js');
const { Provider } = await import(pathToFileURL(library));

let answer;
const server = http.createServer((request, response) => answer(request, response));
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    features: { registration: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    ttl: { Session: 600, Grant: 600, Interaction: 600, AccessToken: 60, IdToken: 60 },
  });
  answer = provider.callback();
  console.log(`listens on ${issuer}`);
});
