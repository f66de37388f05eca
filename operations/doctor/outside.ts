import { createConnection } from 'node:net';
import type { Config } from '../../config.ts';
import { ok, reasonOf, wrong, type Finding } from './finding.ts';

const PATIENCE_MS = 5_000;

/** The issuer is who OIDC_ISSUER says, and has keys: nobody could log in otherwise. */
export async function checkIssuer({ oidcIssuer, oidcJwksUrl }: Config): Promise<Finding> {
  const about = '统一认证 issuer';
  try {
    const metadata = await readJson(`${oidcIssuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    if (metadata['issuer'] !== oidcIssuer)
      return wrong(
        about,
        `发现文档称签发者为 ${String(metadata['issuer'])}:OIDC_ISSUER 须与其逐字相同`,
        `the issuer calls itself ${String(metadata['issuer'])}: OIDC_ISSUER must be the same, letter by letter`,
      );
    const { keys } = await readJson(oidcJwksUrl ?? String(metadata['jwks_uri']));
    if (Array.isArray(keys) && keys.length > 0) return ok(about, `${keys.length} keys`);
    return wrong(
      about,
      '签名公钥清单为空:请检查 OIDC_JWKS_URL 与签发者的密钥',
      'the list of signing keys is empty: check OIDC_JWKS_URL and the keys of the issuer',
    );
  } catch (problem) {
    const reason = reasonOf(problem);
    return wrong(
      about,
      `OIDC_ISSUER 的发现文档或公钥取不到(${reason}):请检查地址、网络与证书`,
      `discovery document or keys of OIDC_ISSUER cannot be had (${reason}): check address, network and certificate`,
    );
  }
}

async function readJson(url: string): Promise<Record<string, unknown>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return (await response.json()) as Record<string, unknown>;
}

/** Whatever messages and documents pass through, where it is set: somebody listens there. Nothing is sent. */
export async function checkNeighbours(config: Config): Promise<Finding[]> {
  const { notify, smtpUrl, webhookUrl, clamdAddress } = config;
  const findings: Finding[] = [];
  if (notify === 'smtp' && smtpUrl) findings.push(await listens('邮件 mail', 'SMTP_URL', new URL(smtpUrl)));
  if (notify === 'webhook' && webhookUrl)
    findings.push(await listens('消息 webhook', 'WEBHOOK_URL', new URL(webhookUrl)));
  if (clamdAddress) findings.push(await listens('查毒 clamd', 'CLAMD_ADDRESS', new URL(`tcp://${clamdAddress}`)));
  return findings;
}

const PORTS: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465, 'http:': 80, 'https:': 443 };

async function listens(about: string, setting: string, { hostname, port, protocol }: URL): Promise<Finding> {
  const at = Number(port) || (PORTS[protocol] ?? 0);
  try {
    await new Promise<void>((resolve, reject) => {
      const socket = createConnection({ host: hostname, port: at, timeout: PATIENCE_MS });
      socket.once('connect', () => resolve(void socket.destroy()));
      socket.once('timeout', () => socket.destroy(new Error('no answer in time')));
      socket.once('error', reject);
    });
    return ok(about, `${hostname}:${at}`);
  } catch (problem) {
    const reason = reasonOf(problem);
    return wrong(
      about,
      `${setting} 所指 ${hostname}:${at} 无法连接(${reason}):请检查地址、防火墙与该服务`,
      `${hostname}:${at} of ${setting} cannot be reached (${reason}): check address, firewall and whether it runs`,
    );
  }
}
