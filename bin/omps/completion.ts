import type { Call } from "./call.ts";
import { type Command, GLOBAL_OPTIONS, type Option } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { EXIT, UsageFailure } from "./failure.ts";

/** `omps completion`: a script for the shell. */
export async function completion({ given, terminal }: Call): Promise<number> {
  const shell = given.positional(0);
  if (shell !== "bash" && shell !== "zsh")
    throw new UsageFailure(`There is completion for bash and zsh, not for ${JSON.stringify(shell)}.`);
  terminal.out(shell === "bash" ? bash(COMMANDS) : zsh(COMMANDS));
  return EXIT.ok;
}

function optionsOf(command: Command): [string, Option][] {
  return Object.entries({ ...GLOBAL_OPTIONS, ...command.options });
}

/** The words of the first argument, where there are such. */
function wordsOf({ arguments: all }: Command): readonly string[] {
  const offers = all[0]?.offers;
  return typeof offers === "object" ? offers : [];
}

function bash(commands: readonly Command[]): string {
  const names = commands.map(({ name }) => name);
  const valued = new Set(
    commands.flatMap(optionsOf).flatMap(([name, { type }]) => (type === "string" ? [`--${name}`] : [])),
  );
  const cases = commands.map((command) => {
    const words = [...optionsOf(command).map(([name]) => `--${name}`), ...wordsOf(command)];
    const files = command.arguments[0]?.offers === "files" ? "; files=1" : "";
    return `    ${command.name}) words="${words.join(" ")}"${files} ;;`;
  });
  return `# bash completion of omps: eval "$(omps completion bash)"
_omps() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command="" words="" files="" word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      ${names.join("|")}) command=$word; break ;;
    esac
  done
  case $prev in
    ${[...valued].join("|")}) return ;;
  esac
  case $command in
${cases.join("\n")}
    *) words="${[...names, ...Object.keys(GLOBAL_OPTIONS).map((name) => `--${name}`), "--version"].join(" ")}" ;;
  esac
  if [ -n "$files" ] && [[ $cur != -* ]]; then
    compopt -o filenames 2>/dev/null
    local IFS=$'\\n'
    COMPREPLY=($(compgen -f -- "$cur"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  fi
}
complete -F _omps omps
`;
}

function zsh(commands: readonly Command[]): string {
  const listed = commands.map(({ name, summary }) => `    '${quoted(`${name}:${summary}`)}'`);
  const specs = (all: readonly [string, Option][]) =>
    all.map(([name, { type, help, value = "" }]) => {
      const text = `[${help.replaceAll(/[[\]]/g, "\\$&")}]`;
      return type === "string" ? `'--${name}=${quoted(text)}:${value}:'` : `'--${name}${quoted(text)}'`;
    });
  const cases = commands.map((command) => {
    const words = wordsOf(command);
    const offers = command.arguments[0]?.offers === "files" ? "_files" : `(${words.join(" ")})`;
    const rest = command.arguments.length === 0 ? [] : [`'*:argument:${offers}'`];
    return `    ${command.name}) _arguments ${[...specs(optionsOf(command)), ...rest].join(" ")} ;;`;
  });
  return `#compdef omps
# zsh completion of omps: eval "$(omps completion zsh)", or a file _omps in a folder of $fpath
_omps() {
  local -a commands=(
${listed.join("\n")}
  )
  local word command=""
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case $word in
      ${commands.map(({ name }) => name).join("|")}) command=$word; break ;;
    esac
  done
  case $command in
${cases.join("\n")}
    *)
      _describe command commands
      _arguments ${specs(Object.entries(GLOBAL_OPTIONS)).join(" ")}
      ;;
  esac
}
if [ "$funcstack[1]" = "_omps" ]; then _omps "$@"; else compdef _omps omps; fi
`;
}

/** Within single quotes. */
function quoted(text: string): string {
  return text.replaceAll("'", "'\\''");
}
