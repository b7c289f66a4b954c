// The certified npm package `oidc-provider` on loopback, as an organisation would set it up for an app like ours.
// node certified_provider.mjs AUDIENCE ALGORITHM  →  prints its address, then serves until its input ends.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';

const [audience, algorithm] = process.argv.slice(2);
const pair = algorithm === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = { ...pair.privateKey.export({ format: 'jwk' }), use: 'sig', kid: 'first', alg: algorithm };

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    jwks: { keys: [key] },
    clients: [{
      client_id: 'fieldkit', application_type: 'native', token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'],
      redirect_uris: ['http://127.0.0.1/retour'], id_token_signed_response_alg: algorithm,
    }],
    cookies: { keys: ['only for a test'] },
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['name'] },
    conformIdTokenClaims: false,
    rotateRefreshToken: true,
    ttl: { IdToken: 300, AccessToken: 300, RefreshToken: 90 * 86400, Grant: 90 * 86400, Session: 3600, Interaction: 600 },
    issueRefreshToken: async (_ctx, client, code) => client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
    findAccount: async (_ctx, sub) => ({ accountId: sub, claims: async () => ({ sub, name: `Délégué ${sub}` }) }),
    features: {
      devInteractions: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => audience || undefined,
        useGrantedResource: async () => true,
        getResourceServerInfo: async () => ({ scope: 'openid profile', audience, accessTokenFormat: 'jwt', jwt: { sign: { alg: algorithm } }, accessTokenTTL: 300 }),
      },
    },
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
