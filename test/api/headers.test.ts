import request from 'supertest';
import { SAFETY_HEADERS } from '../../api/security-headers.ts';
import { OUT_OF_AREA_FORM } from '../support/out-of-area.ts';
import { openAgency, type Agency } from './agency.ts';

/** What every answer tells a browser (OWASP ASVS 3.4, API8). */
let agency: Agency;
beforeAll(async () => {
  agency = await openAgency();
});
afterAll(() => agency?.close());

const EXPECTED = Object.fromEntries(Object.entries(SAFETY_HEADERS).map(([name, value]) => [name.toLowerCase(), value]));
const { 'content-security-policy': _own, ...EXPECTED_OF_PAGES } = EXPECTED;

it('stand on every route, answered or refused, with and without a login', async () => {
  for (const route of agency.api.routes) {
    const path = route.path.replaceAll(/\{\w+\}/g, 'X-1');
    for (const send of [
      agency.get('county1.manager', path),
      agency.post('county1.manager', path),
      request(agency.server).get(path),
      request(agency.server)
        .options(path)
        .set('Origin', 'https://evil.example')
        .set('Access-Control-Request-Method', 'POST'),
    ]) {
      const { headers } = await send;
      expect([route.id, headers]).toEqual([route.id, expect.objectContaining(EXPECTED)]);
      expect([route.id, Object.keys(headers).filter((name) => /^access-control|^server$|powered/.test(name))]).toEqual([
        route.id,
        [],
      ]);
      expect(headers['strict-transport-security']).toBeUndefined();
    }
  }
});

it('stand on what is no route, and on what cannot be read', async () => {
  for (const path of ['/', '/api/v1/nothing', '/.git/config', '/api/v1/cases/%00', '/docs/nothing.js']) {
    const { headers } = await request(agency.server).get(path);
    expect(headers).toMatchObject(path.startsWith('/docs') ? { 'x-content-type-options': 'nosniff' } : EXPECTED);
  }
});

it('of a page to print let nothing run and nothing load; its one style is named by a nonce of its own', async () => {
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const form = { ...OUT_OF_AREA_FORM, plannedFrom: today, plannedTo: today };
  const no = await agency.file('town1.clerk', 'OUT_OF_AREA_REFERRAL', form, ['ID_CARD', 'REFERRAL_CERTIFICATE']);
  const nonces = new Set<string>();
  for (let i = 0; i < 2; i++) {
    const { headers, text } = await agency.get('town1.clerk', `/api/v1/cases/${no}/clock/page`).expect(200);
    expect(headers).toMatchObject(EXPECTED_OF_PAGES);
    const nonce = /style-src 'nonce-([A-Za-z0-9+/=]+)'/.exec(headers['content-security-policy'] ?? '')?.[1] ?? '';
    expect(headers['content-security-policy']).toBe(
      `${SAFETY_HEADERS['Content-Security-Policy']};style-src 'nonce-${nonce}'`,
    );
    expect(text).toContain(`<style nonce="${nonce}">`);
    expect(text).not.toMatch(/<script|\son\w+=|\sstyle=|javascript:|<(img|link|iframe|object|form)\b/i);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(2);
});

it('of the documentation allow scripts of ours only, and framing by nobody', async () => {
  const { headers } = await request(agency.server).get('/docs/').expect(200);
  expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' });
  const policy = headers['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'; script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
});

it('tell browsers to stay with https when that is how people reach us', async () => {
  const secure = await openAgency({ settings: { PUBLIC_URL: 'https://jingban.example.org' } });
  const { headers } = await request(secure.server).get('/healthz');
  expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
  await secure.close();
});
