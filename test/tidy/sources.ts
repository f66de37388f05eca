import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The checkout as text and as syntax trees; paths are relative to the root and use '/'. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const NOT_OURS = new Set(['node_modules', 'dist', 'generated', '.data', '.git', 'coverage']);

export const listFiles = (folder = ''): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : listFiles(path);
    return entry.isFile() ? [path] : [];
  });

export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

export const CODE = listFiles().filter((path) => path.endsWith('.ts'));

const trees = new Map<string, ts.SourceFile>();

export const treeOf = (path: string): ts.SourceFile => {
  const known = trees.get(path);
  if (known) return known;
  const tree = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true);
  trees.set(path, tree);
  return tree;
};

export interface Import {
  /** a path from the root for our own files, else the package as written */
  target: string;
  typeOnly: boolean;
}

export const importsOf = (path: string): Import[] => {
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean): void => {
    const own = specifier.startsWith('.');
    found.push({ target: own ? relative(ROOT, resolve(ROOT, dirname(path), specifier)) : specifier, typeOnly });
  };
  walk(treeOf(path), (node) => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node.importClause?.isTypeOnly ?? false);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node.isTypeOnly);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier && ts.isStringLiteral(specifier)) add(specifier.text, false);
    }
  });
  return found;
};

/** 'path:line' of every node that `wrong` picks. */
export const places = (path: string, wrong: (node: ts.Node) => boolean): string[] => {
  const tree = treeOf(path);
  const found: string[] = [];
  walk(tree, (node) => {
    if (wrong(node)) found.push(`${path}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`);
  });
  return found;
};

export const walk = (node: ts.Node, visit: (node: ts.Node) => void): void => {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
};

/** The text after each `name:` whose value is a plain string. */
export const stringsAfter = (path: string, name: string): string[] => {
  const found: string[] = [];
  walk(treeOf(path), (node) => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === name && ts.isStringLiteral(node.initializer)) {
      found.push(node.initializer.text);
    }
  });
  return found;
};
