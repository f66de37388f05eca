import { ConfigError, readConfig, type Config } from '../config.ts';
import { runningEnvironment } from '../config/running.ts';
import { wrong, type Finding } from '../operations/doctor/finding.ts';
import { examine } from '../operations/doctor/index.ts';

/** `npm run doctor`: every dependency and setting, one line each; exit code 1 when anything does not work. */
const MARKS = { ok: '✓ ok   ', warn: '! warn ', wrong: '✗ wrong' } as const;

function show({ about, level, zh, en }: Finding): void {
  if (level === 'ok') console.log(`${MARKS[level]}  ${about}: ${en}`);
  else console.log(`${MARKS[level]}  ${about}\n           ${zh}\n           ${en}`);
}

/** Without its settings nothing can be asked: then each wrong one is what there is to say. */
function readSettings(): Config | Finding[] {
  try {
    return readConfig(runningEnvironment());
  } catch (problem) {
    if (!(problem instanceof ConfigError)) throw problem;
    return problem.wrong.map(({ name, zh, en }) => wrong(name, zh, en));
  }
}

const settings = readSettings();
if (Array.isArray(settings)) settings.forEach(show);
const findings = Array.isArray(settings) ? settings : await examine(settings, show);
const count = (level: Finding['level']): number => findings.filter((finding) => finding.level === level).length;
console.log(`${count('ok')} ok, ${count('warn')} warnings, ${count('wrong')} wrong`);
process.exitCode = count('wrong') > 0 ? 1 : 0;
