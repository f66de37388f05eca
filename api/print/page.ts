import type { Json, JsonObject, Text } from '../../domain/case.ts';
import type { OutputDefinition } from '../../domain/process.ts';
import type { Answer } from '../route.ts';
import type { IssuedOutput } from './read-output.ts';
import { chineseDay, escape, sheet } from './sheet.ts';

export interface Paper {
  acceptanceNo: string;
  process: Text;
  declared: OutputDefinition;
  output: IssuedOutput;
  label: (key: string) => string;
  /** false: the person is masked, and the page says that it is no paper */
  whole: boolean;
}

/** A paper as a page to print on A4, with room for the stamp. Everything on it is data and is escaped. */
export function outputPage({ acceptanceNo, process, declared, output, label, whole }: Paper): Answer {
  const body = `<h1>${escape(declared.title.zh)}</h1>
<p class="numbers"><span>受理号：${escape(acceptanceNo)}</span><span>编号：${escape(output.number)}</span></p>
${table(output.content, label)}
<p class="basis">业务：${escape(process.zh)}　依据：${escape(declared.source)}</p>
${whole ? `<div class="stamp"><p>${escape(output.officeName)}（盖章）</p><p>${escape(chineseDay(output.issuedOn))}</p></div>` : VIEW_ONLY}`;
  return sheet(`${declared.title.zh} ${acceptanceNo}`, body);
}

const VIEW_ONLY =
  '<p class="stamp">个人信息已遮盖，仅供查看，不作为文书使用<br>personal data are masked: to look at, not to hand out</p>';

function table(content: JsonObject, label: Paper['label']): string {
  const rows = shown(content).map(
    ([key, value]) => `<tr><th>${escape(label(key))}</th><td>${cell(value, label)}</td></tr>`,
  );
  return `<table>${rows.join('\n')}</table>`;
}

/** A code whose title stands beside it, and what has no value, are left off. */
const shown = (content: JsonObject): [string, Json][] =>
  Object.entries(content).filter(
    ([key, value]) => key !== 'acceptanceNo' && key !== 'en' && value !== null && !(`${key}Title` in content),
  );

function cell(value: Json, label: Paper['label']): string {
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (Array.isArray(value))
    return value.every(isObject) ? list(value, label) : value.map((item) => cell(item, label)).join('、');
  if (isObject(value))
    return typeof value['zh'] === 'string' && 'en' in value ? escape(value['zh']) : table(value, label);
  return escape(String(value ?? ''));
}

function list(rows: readonly JsonObject[], label: Paper['label']): string {
  const keys = [...new Set(rows.flatMap((row) => shown(row).map(([key]) => key)))];
  const head = keys.map((key) => `<th>${escape(label(key))}</th>`).join('');
  const body = rows.map((row) => `<tr>${keys.map((key) => `<td>${cell(row[key] ?? '', label)}</td>`).join('')}</tr>`);
  return `<table><tr>${head}</tr>${body.join('\n')}</table>`;
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
