import type { SyntaxNode } from "@lezer/common";
import { parser } from "@lezer/python";
import { type PythonValue, parts, readValue, type Surroundings, Unreadable } from "./python-literal.ts";
import { NotPython } from "./python-text.ts";

/** Characters of a file; configurations have a few thousand. */
export const MAX_FILE = 256 * 1024;

/** An attribute of a class, and the line that it is on. */
export interface Attribute {
  readonly value: PythonValue;
  readonly line: number;
}

type Scope = Map<string, Attribute>;

/** The classes of a file, each with what it inherits, and what is not read, one text a piece. */
export interface Classes {
  readonly classes: ReadonlyMap<string, ReadonlyMap<string, Attribute>>;
  readonly notes: readonly string[];
}

const SILENT = /^(?:Comment|ImportStatement|ExpressionStatement|PassStatement|FunctionDefinition)$/;

/**
 * Reads the classes of a Python file and their literal attributes. Nothing is executed.
 *
 * @throws NotPython with the line, for a file that is none
 */
export function readClasses(source: string): Classes {
  if (source.length > MAX_FILE) throw new NotPython(`the file has more than ${MAX_FILE} characters`);
  return new Reader(source).read();
}

class Reader {
  readonly #source: string;
  readonly #module: Scope = new Map();
  readonly #classes = new Map<string, Scope>();
  readonly #notes: string[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  read(): Classes {
    const tree = parser.parse(this.#source);
    tree.iterate({
      enter: ({ type, from }) => {
        if (type.isError) throw new NotPython(`line ${this.#lineOf(from)}: this is not Python`);
      },
    });
    for (const statement of parts(tree.topNode)) {
      if (statement.name === "ClassDefinition") this.#class(statement);
      else this.#statement(statement, this.#module);
    }
    return { classes: this.#classes, notes: this.#notes };
  }

  #lineOf(offset: number): number {
    return this.#source.slice(0, offset).split("\n").length;
  }

  #text(node: SyntaxNode | null): string {
    return node ? this.#source.slice(node.from, node.to) : "";
  }

  #note(offset: number, text: string): void {
    this.#notes.push(`line ${this.#lineOf(offset)}: ${text}`);
  }

  #class(node: SyntaxNode): void {
    const own: Scope = new Map();
    const bases = node.getChild("ArgList");
    // The first base is asked first.
    for (const base of bases ? parts(bases).toReversed() : []) {
      const inherited = this.#classes.get(this.#text(base));
      if (!inherited && this.#text(base) !== "object")
        this.#note(base.from, "a base class is not in this file; what it sets is not read");
      for (const [name, attribute] of inherited ?? []) own.set(name, attribute);
    }
    const body = node.getChild("Body");
    for (const statement of body ? parts(body) : []) this.#statement(statement, own);
    this.#classes.set(this.#text(node.getChild("VariableName")), own);
  }

  #statement(node: SyntaxNode, scope: Scope): void {
    if (SILENT.test(node.name)) return;
    if (node.name === "StatementGroup") {
      for (const one of parts(node)) this.#statement(one, scope);
    } else if (node.name === "AssignStatement") this.#assign(node, scope);
    else this.#note(node.from, "this statement is not read; do by hand what it does");
  }

  /** `A = B = value`, `A: type = value`. */
  #assign(node: SyntaxNode, scope: Scope): void {
    const line = this.#lineOf(node.from);
    const sides: SyntaxNode[][] = [[]];
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.name === "AssignOp") sides.push([]);
      else if (!/^(?:TypeDef|Comment)$/.test(child.name)) sides.at(-1)?.push(child);
    }
    const [first, ...more] = sides.pop() ?? [];
    if (!first) return;
    const value = this.#value(first, more.length > 0, scope);
    for (const [target, ...others] of sides) {
      if (target?.name === "VariableName" && others.length === 0)
        scope.set(this.#text(target), { value, line });
      else this.#note(node.from, "only assignments to one name are read; do this one by hand");
    }
  }

  #value(node: SyntaxNode, isTuple: boolean, scope: Scope): PythonValue {
    const around: Surroundings = {
      source: this.#source,
      lineOf: (offset) => this.#lineOf(offset),
      warn: (line, text) => this.#notes.push(`line ${line}: ${text}`),
      named: (name) => this.#named(name, scope),
    };
    try {
      if (isTuple) return new Unreadable(this.#lineOf(node.from), "a tuple without parentheses");
      return readValue(node, around);
    } catch (error) {
      if (!(error instanceof NotPython)) throw error;
      throw new NotPython(`line ${this.#lineOf(node.from)}: ${error.message}`);
    }
  }

  #named(name: string, scope: Scope): PythonValue | undefined {
    const [first = "", second, ...more] = name.split(".");
    if (second === undefined) return (scope.get(first) ?? this.#module.get(first))?.value;
    return more.length === 0 ? this.#classes.get(first)?.get(second)?.value : undefined;
  }
}
