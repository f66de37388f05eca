import ts from 'typescript';
import { growthOf } from './redos/ambiguity.ts';
import { CODE, read } from './tidy/sources.ts';

/** A pattern that reads what somebody sent must not become slow by it (CWE-1333). */

const PRODUCTION = CODE.filter((path) =>
  /^(config\.ts$|(activities|api|config|domain|log|vault|workflows)\/)/.test(path),
);

interface Pattern {
  path: string;
  source: string;
  flags: string;
}

function patternsOf(path: string): Pattern[] {
  const found: Pattern[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      found.push({ path, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    }
    // What is put together at run time is not seen here, so there is none.
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp')
      throw new Error(`${path}: write the pattern as a literal: ${node.getText()}`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, read(path), ts.ScriptTarget.ES2023, true));
  return found;
}

const PATTERNS = PRODUCTION.flatMap(patternsOf);

it('no pattern of ours takes more than a look at every character', () => {
  expect(PATTERNS.length).toBeGreaterThan(40);
  const slow = PATTERNS.filter(({ source, flags }) => growthOf(source, flags) !== 'LINEAR');
  expect(slow).toEqual([]);
});

describe('the check itself', () => {
  it.each([
    '^(a+)+$',
    '^(a*)*$',
    '^(a|aa)+$',
    '^(a|a)*$',
    '^(\\w+\\s?)*$',
    '^([a-z]+[0-9]*)+$',
    '^(.*,)+x$',
    '(x+x+)+y',
    '^(?:a?b?)+c$',
    '^([^"]|\\\\"|")*$',
  ])('finds that %s grows with every further character twice', (source) => {
    expect(growthOf(source)).toBe('EXPONENTIAL');
  });

  it.each([
    '\\s+$',
    'a+b',
    '^\\d+\\d+$',
    '^.*=.*$',
    '^a*[a-z]*1',
    '\\B(?=(?:[0-9]{3})+\\.)',
    '^\\s*x?\\s*$',
    '^[^@]+@[^@]+\\.[a-z.]+$',
  ])('finds that %s grows with a power of the length', (source) => {
    expect(growthOf(source)).toBe('POLYNOMIAL');
  });

  it.each([
    '^[a-z]+$',
    '^(a|b)*$',
    '^(0|[1-9][0-9]*)\\.[0-9]{2}$',
    '[a-z]+',
    '^(DL-\\d\\d=[1-9]\\d?)(,DL-\\d\\d=[1-9]\\d?)*$',
    '^[A-Za-z0-9]{1,12}-\\d{8}-\\d{1,20}$',
    '^"(?:[^"\\\\]|\\\\.)*"$',
    '\\d{4}-\\d\\d',
  ])('has nothing against %s', (source) => {
    expect(growthOf(source)).toBe('LINEAR');
  });
});
