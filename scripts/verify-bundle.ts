import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openFindings, SUBJECTS, type Check, type Subject } from '../evidence/check.ts';
import { readBundle } from '../evidence/read.ts';
import { checkHeads } from '../evidence/checks/heads.ts';
import { checkSignature } from '../evidence/sign.ts';
import { publicKeysOf } from '../log/keys.ts';
import { withheld } from '../evidence/leaves.ts';
import { verifyBundle } from '../evidence/verify.ts';

/**
 * `npm run verify-bundle FILE [-- --key KEYS] [--json]`: checks the evidence of a case without the system it comes from. With
 * `--key` it must be signed by that key; without, the key in the file is only named. Exit code 1 when anything disagrees.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { key: { type: 'string' }, json: { type: 'boolean', default: false } },
});
const [file] = positionals;
if (file === undefined) {
  console.error('请指明文件 / name the file: npm run verify-bundle FILE [-- --key KEYS]');
  process.exit(2);
}

const read = readBundle(file, readFileSync);
if ('problem' in read) {
  console.error(`${read.problem.zh}\n${read.problem.en}`);
  process.exit(2);
}
const { bundle } = read;
// Whatever is around them: the answer of GET /api/v1/evidence-keys, LOG_PUBLIC_KEYS, a list. Ed25519 and SM2 in SPKI begin like this.
const KEY = /MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=|MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAE[A-Za-z0-9+/]{86}==/g;
const trusted = values.key === undefined ? undefined : (readFileSync(values.key, 'utf8').match(KEY) ?? []);
const found = openFindings();
checkSignature(bundle, trusted, found);
checkHeads(bundle, publicKeysOf(trusted ?? [bundle.signature.publicKey]), found);
verifyBundle(bundle, found);

const failures = found.all.filter(({ wrong }) => wrong);
if (values.json)
  console.log(JSON.stringify({ case: bundle.case.acceptanceNo, checks: found.all.length, failures }, null, 2));
else report(found.all, failures);
process.exitCode = failures.length > 0 ? 1 : 0;

function report(checks: readonly Check[], wrong: readonly Check[]): void {
  const { acceptanceNo, title } = bundle.case;
  console.log(`${acceptanceNo} ${title.zh} / ${title.en}, ${bundle.madeAt}, ${bundle.program}`);
  console.log(
    `${values.key ? '签名密钥 / signed by' : '签名密钥（未核对）/ signing key, not checked'} ${bundle.signature.keyId}`,
  );
  const hidden = withheld(bundle).length;
  if (hidden > 0) console.log(`未公开的内容 ${hidden} 项 / ${hidden} values are withheld`);
  for (const [subject, { zh, en }] of Object.entries(SUBJECTS)) {
    const of = checks.filter((check) => check.subject === (subject as Subject));
    const bad = of.filter((check) => check.wrong).length;
    console.log(
      `${bad === 0 ? '✓' : '✗'} ${`${zh} / ${en}`.padEnd(48)} ${String(of.length).padStart(6)} ${bad === 0 ? '' : `${bad} ✗`}`,
    );
  }
  for (const { subject, of, wrong: text } of wrong)
    console.log(`✗ ${SUBJECTS[subject].zh} ${of}：${text?.zh}\n  ${SUBJECTS[subject].en} ${of}: ${text?.en}`);
  console.log(`${checks.length} checks, ${wrong.length} failures`);
}
