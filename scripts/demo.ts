import { parseArgs } from 'node:util';
import { readLauncherConfig, readOrExit } from '../config.ts';
import { apiUrl, issuerUrl } from '../embedded/application.ts';
import { chronicDisease, outOfArea } from './demo/applications.ts';
import { audit } from './demo/audit.ts';
import { createClient } from './demo/client.ts';
import { reimbursement } from './demo/reimbursement.ts';
import { createStage, type Stage } from './demo/stage.ts';
import { lostReceipt, traumaAndOverdue } from './demo/verifications.ts';

/**
 * `npm run demo`: the main job on a running system, over HTTP alone, with the demo accounts. Prints what happens to each
 * case and ends with one line per case; exit code 0 only when every case came out as expected. `--api`, `--issuer` for a
 * system elsewhere; by default where the settings of `npm start` put them. May be run again and again.
 */
const config = readOrExit(readLauncherConfig);
const { values: options } = parseArgs({ options: { api: { type: 'string' }, issuer: { type: 'string' } } });
const api = options.api ?? apiUrl(config);
const issuer = options.issuer ?? config.oidcIssuer ?? issuerUrl(config);

const STORIES: readonly { title: string; play: (stage: Stage) => Promise<void> }[] = [
  {
    title: '零星报销，从乡镇窗口到银行回盘 / a reimbursement from the township to the bank (P03)',
    play: reimbursement,
  },
  { title: '门诊特定病种申请登记 / chronic-disease registration (P01)', play: chronicDisease },
  { title: '异地就医备案及注销 / out-of-area filing, cancelled (P02)', play: outOfArea },
  { title: '稽核，发现违法行为并改正 / an audit with a violation that is corrected (P04)', play: audit },
  { title: '票据遗失的报销 / a reimbursement with a lost receipt (P12)', play: lostReceipt },
  {
    title: '外伤报销，核实后无人办理直至超期 / an injury, verified, then left until overdue (P10)',
    play: traumaAndOverdue,
  },
];

const answers = await fetch(`${api}/readyz`).then(
  (response) => response.ok,
  () => false,
);
if (!answers) {
  console.error(
    `${api} 没有就绪,请先 npm start,或用 --api、--issuer 指定 / not ready: npm start first, or name it with --api and --issuer`,
  );
  process.exit(1);
}

const stage = createStage(createClient(api, issuer), console.log);
for (const { title, play } of STORIES) {
  console.log(`\n── ${title}`);
  // One story that fails does not keep the others from being told.
  await play(stage).catch((problem: unknown) =>
    stage.differ(problem instanceof Error ? problem.message : String(problem)),
  );
}

console.log('\n── 结果 / outcome\n');
for (const no of stage.cases) {
  const { processType, status, currentStage, overdue } = await stage.look(no);
  console.log(`${no} ${processType} ${status} ${currentStage}${overdue ? ' 超期/overdue' : ''}`);
}
if (stage.differences.length === 0) console.log(`\n✓ ${stage.cases.length} 件均如预期 / all as expected`);
else console.error(`\n✗ 与预期不符 / not as expected:\n${stage.differences.map((line) => `  ${line}`).join('\n')}`);
process.exitCode = stage.differences.length === 0 ? 0 : 1;
