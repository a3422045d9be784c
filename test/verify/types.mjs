// Types, and promises that nobody waits for: a floating promise loses its error, which no type checker tells.
import { join } from 'node:path';
import ts from 'typescript';
import { finish, root } from './sources.mjs';

const host = {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: (fault) => faults.push(ts.flattenDiagnosticMessageText(fault.messageText, '\n')),
};
const faults = [];
const parsed = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), { noEmit: true }, host);
const program = ts.createProgram(parsed.fileNames, parsed.options);
const checker = program.getTypeChecker();

function place(node) {
  const file = node.getSourceFile();
  const { line, character } = file.getLineAndCharacterOfPosition(node.getStart());
  return `${file.fileName.slice(root.length + 1)}:${line + 1}:${character + 1}`;
}

for (const fault of ts.getPreEmitDiagnostics(program)) {
  const text = ts.flattenDiagnosticMessageText(fault.messageText, '\n');
  const where = fault.file
    ? `${fault.file.fileName.slice(root.length + 1)}:${fault.file.getLineAndCharacterOfPosition(fault.start ?? 0).line + 1} `
    : '';
  faults.push(`${where}TS${fault.code} ${text}`);
}

const isAssignment = (kind) => kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;

/** Whether the statement throws away a promise; one that handles its own rejection does not. */
function floats(expression) {
  if (ts.isAwaitExpression(expression) || ts.isVoidExpression(expression)) return false;
  if (ts.isCallExpression(expression) && ts.isPropertyAccessExpression(expression.expression)) {
    const method = expression.expression.name.text;
    if (method === 'catch' || (method === 'then' && expression.arguments.length === 2)) return false;
    if (method === 'finally') return floats(expression.expression.expression);
  }
  // An assignment keeps the promise for whoever reads the variable.
  if (ts.isBinaryExpression(expression) && isAssignment(expression.operatorToken.kind)) return false;
  const type = checker.getTypeAtLocation(expression);
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => part.getProperty('then') && part.getProperty('catch'));
}

let statements = 0;
function visit(node) {
  if (ts.isExpressionStatement(node)) {
    statements += 1;
    if (floats(node.expression))
      faults.push(`${place(node)} a promise that nobody waits for: await it, return it, or say void and catch`);
  }
  ts.forEachChild(node, visit);
}
const own = program
  .getSourceFiles()
  .filter(({ fileName, isDeclarationFile }) => !isDeclarationFile && !fileName.includes('/node_modules/'));
for (const file of own) visit(file);

finish(faults, `${own.length} files, ${statements} statements`);
