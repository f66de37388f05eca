import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';

/** An OIDC key set over HTTP with tokens to match: what the API sees of any issuer. */
export interface TestIssuer {
  url: string;
  audience: string;
  key: CryptoKey;
  publicJwk: Record<string, unknown>;
  /** what the key set holds from now on; `away`: nothing is answered but 502 */
  publish(keys: readonly object[]): void;
  away: boolean;
  /** how often the key set was asked for */
  fetched(): number;
  token(sub: string, change?: TokenChange): Promise<string>;
  close(): Promise<void>;
}

export interface TokenChange {
  issuer?: string;
  audience?: string;
  /** seconds from now */
  expiresIn?: number;
  notBeforeIn?: number;
  key?: CryptoKey;
  kid?: string;
  claims?: JWTPayload;
  header?: Record<string, unknown>;
}

export async function openIssuer(): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const publicJwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
  const server = createServer((req, res) => {
    if (issuer.away) return void res.writeHead(502).end();
    if (req.url === '/jwks') fetched++;
    const body =
      req.url === '/.well-known/openid-configuration' ? { issuer: url, jwks_uri: `${url}/jwks` } : { keys: published };
    res.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  let published: readonly object[] = [publicJwk];
  let fetched = 0;
  const url = await listen(server);
  const audience = 'jingban-api';
  const issuer: TestIssuer = {
    url,
    away: false,
    publish: (keys) => void (published = keys),
    fetched: () => fetched,
    audience,
    key: privateKey,
    publicJwk,
    token(sub, change = {}) {
      const now = Math.floor(Date.now() / 1000);
      const token = new SignJWT(change.claims ?? {})
        .setProtectedHeader({ alg: 'RS256', kid: change.kid ?? 'k1', typ: 'at+jwt', ...change.header })
        .setSubject(sub)
        .setIssuer(change.issuer ?? url)
        .setAudience(change.audience ?? audience)
        .setIssuedAt(now)
        .setExpirationTime(now + (change.expiresIn ?? 3600));
      if (change.notBeforeIn !== undefined) token.setNotBefore(now + change.notBeforeIn);
      return token.sign(change.key ?? privateKey);
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return issuer;
}

const listen = (server: Server): Promise<string> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
