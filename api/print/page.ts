import { randomBytes } from 'node:crypto';
import type { Json, JsonObject, Text } from '../../domain/case.ts';
import type { OutputDefinition } from '../../domain/process.ts';
import type { Answer } from '../route.ts';
import type { IssuedOutput } from './read-output.ts';

export interface Paper {
  acceptanceNo: string;
  process: Text;
  declared: OutputDefinition;
  output: IssuedOutput;
  label: (key: string) => string;
}

/** A paper as a page to print on A4, with room for the stamp. Everything on it is data and is escaped. */
export function outputPage({ acceptanceNo, process, declared, output, label }: Paper): Answer {
  const nonce = randomBytes(16).toString('base64');
  const html = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>${escape(declared.title.zh)} ${escape(acceptanceNo)}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<h1>${escape(declared.title.zh)}</h1>
<p class="numbers"><span>受理号：${escape(acceptanceNo)}</span><span>编号：${escape(output.number)}</span></p>
${table(output.content, label)}
<p class="basis">业务：${escape(process.zh)}　依据：${escape(declared.source)}</p>
<div class="stamp"><p>${escape(output.officeName)}（盖章）</p><p>${escape(chineseDay(output.issuedOn))}</p></div>
</body>
</html>
`;
  return {
    html,
    headers: { 'Content-Security-Policy': `default-src 'none'; style-src 'nonce-${nonce}'; frame-ancestors 'none'` },
  };
}

const STYLE = `
@page { size: A4; margin: 25mm 22mm; }
body { font-family: "FangSong_GB2312", "仿宋_GB2312", FangSong, "Noto Serif CJK SC", serif; font-size: 12pt; color: #000; max-width: 180mm; margin: 0 auto; }
h1 { text-align: center; font-size: 20pt; font-weight: bold; margin: 8mm 0; }
.numbers { display: flex; justify-content: space-between; }
table { width: 100%; border-collapse: collapse; }
th, td { border: 1px solid #000; padding: 1.6mm 2.4mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { width: 32%; font-weight: normal; background: #f4f4f4; }
table table th { width: auto; }
.basis { font-size: 10pt; margin-top: 5mm; }
.stamp { margin: 18mm 0 0 auto; width: 70mm; text-align: center; min-height: 40mm; break-inside: avoid; }
`;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);

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

const chineseDay = (day: string): string =>
  `${day.slice(0, 4)}年${Number(day.slice(5, 7))}月${Number(day.slice(8, 10))}日`;
