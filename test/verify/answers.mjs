// What each route answers, as JSON Schema, read from the return types of the controllers. The types are the one
// description: the OpenAPI document takes them over, and the tests hold real answers against it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { filesBelow, root } from './sources.mjs';

const ts = createRequire(import.meta.url)('typescript');
const routeDecorators = new Set(['Get', 'Post', 'Put', 'Patch', 'Delete']);

/** Meaning by name, for values that are text in the program: the house's own naming rule. */
const textFormats = [
  [/^(?:id|.+Id)$/, { format: 'uuid' }],
  [/^(?:.+At|until|.+Until|answerDue)$/, { format: 'date-time' }],
  [/^(?:on|.+On)$/, { format: 'date' }],
];

/** Reads every controller; returns {schemas, answers} and the faults found. */
export function describeAnswers() {
  const program = openProgram();
  const reader = new TypeReader(program.getTypeChecker());
  const answers = {};
  for (const source of program.getSourceFiles()) {
    const path = relative(root, source.fileName);
    if (!/^(?:libs|apps)\/.*\.controller\.ts$/.test(path)) continue;
    source.forEachChild((node) => {
      if (!ts.isClassDeclaration(node) || !hasDecorator(node, new Set(['Controller']))) return;
      for (const method of node.members.filter((member) => hasDecorator(member, routeDecorators))) {
        const name = `${node.name.text}.${method.name.getText()}`;
        if (answers[name]) reader.faults.push(`two routes are called ${name}`);
        answers[name] = reader.answerOf(method, name);
      }
    });
  }
  return { document: { schemas: reader.namedSchemas(), answers: sorted(answers) }, faults: reader.faults };
}

function openProgram() {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const controllers = ['libs', 'apps'].flatMap((folder) => filesBelow(folder, /\.controller\.ts$/)).sort();
  return ts.createProgram(
    controllers.map((path) => join(root, path)),
    options,
  );
}

function hasDecorator(node, names) {
  const decorators = ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : [];
  return decorators.some(
    ({ expression }) => ts.isCallExpression(expression) && names.has(expression.expression.getText()),
  );
}

class TypeReader {
  faults = [];
  #named = new Map();

  constructor(checker) {
    this.checker = checker;
  }

  /** The schema of what a route's method resolves to; null when it answers nothing. */
  answerOf(method, name) {
    const signature = this.checker.getSignatureFromDeclaration(method);
    const type = this.checker.getAwaitedType(this.checker.getReturnTypeOfSignature(signature));
    if (type.flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined)) return null;
    return this.#schema(type, name, '');
  }

  /** Names that two types share get the name of their library in front. */
  namedSchemas() {
    const schemas = {};
    for (const { name, schema } of this.#named.values()) schemas[name] = schema;
    return sorted(schemas);
  }

  #schema(type, path, property) {
    const { flags } = type;
    if (flags & ts.TypeFlags.Any) return this.#fault(path, 'is "any"');
    if (flags & ts.TypeFlags.Unknown) return this.#fault(path, 'is "unknown"');
    if (flags & ts.TypeFlags.BigIntLike) return this.#fault(path, 'is a bigint, which JSON does not have');
    if (flags & ts.TypeFlags.Null) return { type: 'null' };
    if (flags & (ts.TypeFlags.StringLiteral | ts.TypeFlags.NumberLiteral)) return { const: type.value };
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: this.checker.typeToString(type) === 'true' };
    if (flags & ts.TypeFlags.StringLike) return textSchema(property);
    if (flags & ts.TypeFlags.NumberLike) return { type: 'number' };
    if (flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' };
    if (type.isUnion()) return this.#union(type, path, property);
    if (type.isIntersection() && type.types.some((part) => part.flags & ts.TypeFlags.String))
      return textSchema(property);
    if (flags & ts.TypeFlags.Object || type.isIntersection()) return this.#object(type, path, property);
    return this.#fault(path, `is ${this.checker.typeToString(type)}, which is not JSON`);
  }

  #union(type, path, property) {
    const name = type.aliasSymbol && !type.aliasTypeArguments ? type.aliasSymbol : undefined;
    const make = () => {
      const parts = type.types.filter((part) => !(part.flags & ts.TypeFlags.Undefined));
      const texts = parts.filter((part) => part.flags & ts.TypeFlags.StringLiteral).map((part) => part.value);
      const truths = parts.filter((part) => part.flags & ts.TypeFlags.BooleanLiteral);
      const rest = parts.filter((part) => !(part.flags & (ts.TypeFlags.StringLiteral | ts.TypeFlags.BooleanLiteral)));
      const schemas = [
        ...(texts.length > 0 ? [{ type: 'string', enum: texts.sort() }] : []),
        ...(truths.length === 2 ? [{ type: 'boolean' }] : truths.map((part) => this.#schema(part, path, property))),
        ...rest.map((part) => this.#schema(part, path, property)),
      ];
      return schemas.length === 1 ? schemas[0] : { anyOf: schemas };
    };
    return name && !type.types.some((part) => part.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined))
      ? this.#asNamed(name, make)
      : make();
  }

  #object(type, path, property) {
    const symbolName = type.aliasSymbol?.name ?? type.symbol?.name;
    if (symbolName === 'Date') return { type: 'string', format: 'date-time' };
    if (symbolName === 'StreamableFile') return { type: 'string', contentEncoding: 'binary' };
    if (symbolName === 'Set' || symbolName === 'Map' || symbolName === 'ReadonlySet' || symbolName === 'ReadonlyMap')
      return this.#fault(path, `is a ${symbolName}, which JSON answers as {}`);
    if (this.checker.isTupleType(type)) {
      const parts = this.checker
        .getTypeArguments(type)
        .map((part, index) => this.#schema(part, `${path}[${index}]`, ''));
      return { type: 'array', prefixItems: parts, minItems: parts.length, maxItems: parts.length };
    }
    if (this.checker.isArrayType(type)) {
      const [element] = this.checker.getTypeArguments(type);
      if (element.flags & ts.TypeFlags.Never) return { type: 'array', maxItems: 0 };
      return { type: 'array', items: this.#schema(element, `${path}[]`, property.replace(/s$/, '')) };
    }
    if (type.getCallSignatures().length > 0) return this.#fault(path, 'is a function');
    const plain = type.symbol && type.isClassOrInterface() && !type.typeParameters;
    const alias = type.aliasSymbol && !type.aliasTypeArguments ? type.aliasSymbol : undefined;
    const name = alias ?? (plain && !(type.symbol.flags & ts.SymbolFlags.TypeLiteral) ? type.symbol : undefined);
    return name ? this.#asNamed(name, () => this.#fields(type, path)) : this.#fields(type, path);
  }

  #fields(type, path) {
    const properties = {};
    const required = [];
    for (const symbol of this.checker.getPropertiesOfType(type)) {
      if (symbol.flags & ts.SymbolFlags.Method) continue;
      const name = symbol.getName();
      const of = this.checker.getTypeOfSymbol(symbol);
      const absent =
        symbol.flags & ts.SymbolFlags.Optional ||
        (of.isUnion() && of.types.some((part) => part.flags & ts.TypeFlags.Undefined));
      if (of.flags & ts.TypeFlags.Undefined || of.flags & ts.TypeFlags.Never) continue;
      const description = ts.displayPartsToString(symbol.getDocumentationComment(this.checker)).replaceAll('\n', ' ');
      // What a record keeps of an event or a change has the shape that its writer gave it.
      const anything = of.flags & ts.TypeFlags.Unknown;
      // A rule book is called by a word, such as its country; WebAuthn has identifiers of its own.
      const ofBook = symbol.declarations?.some((node) =>
        node.getSourceFile().fileName.match(/\/rule-book\/|passkey\.ts$/),
      );
      const schema = anything ? {} : this.#schema(of, `${path}.${name}`, ofBook ? '' : name);
      properties[name] = description && !schema.$ref ? { ...schema, description } : schema;
      if (!absent) required.push(name);
    }
    const index = this.checker.getIndexInfoOfType(type, ts.IndexKind.String);
    const others =
      index && (index.type.flags & ts.TypeFlags.Unknown ? true : this.#schema(index.type, `${path}.*`, ''));
    return {
      type: 'object',
      properties,
      ...(required.length > 0 ? { required } : {}),
      ...(others === undefined ? {} : { additionalProperties: others }),
    };
  }

  /** A type with a name of its own becomes one component, made once; a type that holds itself refers to itself. */
  #asNamed(symbol, make) {
    const known = this.#named.get(symbol);
    if (known) return { $ref: `#/components/schemas/${known.name}` };
    const taken = new Set([...this.#named.values()].map(({ name }) => name));
    const name = taken.has(symbol.name) ? `${libraryOf(symbol)}${symbol.name}` : symbol.name;
    if (taken.has(name)) this.faults.push(`${name} names three types of answers`);
    const entry = { name, schema: {} };
    this.#named.set(symbol, entry);
    const description = ts.displayPartsToString(symbol.getDocumentationComment(this.checker)).replaceAll('\n', ' ');
    entry.schema = { ...make(), ...(description ? { description } : {}) };
    return { $ref: `#/components/schemas/${name}` };
  }

  #fault(path, what) {
    this.faults.push(`the answer of ${path} ${what}`);
    return {};
  }
}

function textSchema(property) {
  return { type: 'string', ...textFormats.find(([pattern]) => pattern.test(property))?.[1] };
}

function libraryOf(symbol) {
  const path = relative(root, symbol.declarations[0].getSourceFile().fileName).split('/');
  return path[1].charAt(0).toUpperCase() + path[1].slice(1);
}

function sorted(record) {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
