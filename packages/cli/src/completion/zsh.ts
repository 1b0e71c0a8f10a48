import { valuedFlags, type CompletedOption, type Spot } from "./tree.ts";

/** A script for zsh, to be evaluated or to stand as `_stowage` in its function path. */
export function zshCompletion(spots: readonly Spot[]): string {
  return `#compdef stowage
# Completion of stowage for zsh. Made by: stowage completion zsh
_stowage_lines() {
  # "path" is zsh's own name for PATH.
  case "$1" in
${spots.map(cases).join("\n")}
  esac
}

_stowage() {
  local spot="" valued="" word line
  local -a lines entries
  integer i
  for ((i = 2; i < CURRENT; i++)); do
    word="\${words[i]}"
    if [[ -n "$valued" ]]; then valued=""; continue; fi
    case "$word" in
      ${valuedFlags(spots).join("|")}) valued="$word" ;;
      -*|help) ;;
      *)
        lines=("\${(@f)$(_stowage_lines "commands $spot")}")
        for line in $lines; do
          if [[ "\${line%%:*}" == "$word" ]]; then spot="\${spot:+$spot }$word"; break; fi
        done
        ;;
    esac
  done
  if [[ -z "$valued" && "\${words[CURRENT]}" == --*=* ]]; then
    valued="\${words[CURRENT]%%=*}"
    compset -P '*='
  fi
  if [[ -n "$valued" ]]; then
    lines=("\${(@f)$(_stowage_lines "value $spot $valued")}")
    case "\${lines[1]}" in
      @file) _files ;;
      @directory) _files -/ ;;
      ?*) compadd -- $lines ;;
    esac
  elif [[ "\${words[CURRENT]}" == -* ]]; then
    entries=("\${(@f)$(_stowage_lines "flags $spot")}")
    _describe -o option entries
  else
    entries=("\${(@f)$(_stowage_lines "commands $spot")}")
    if [[ -n "\${entries[1]}" ]]; then _describe command entries; fi
    lines=("\${(@f)$(_stowage_lines "words $spot")}")
    case "\${lines[1]}" in
      @file) _files ;;
      ?*) compadd -- $lines ;;
    esac
  fi
}

if [[ "\${funcstack[1]}" == _stowage ]]; then
  _stowage "$@"
else
  # A new user's shell has no completion yet.
  if (( ! \${+functions[compdef]} )); then autoload -Uz compinit && compinit -i; fi
  compdef _stowage stowage
fi
`;
}

function cases({ words, commands, options, choices, takesFile }: Spot): string {
  const names = commands.map(({ name, summary }) => entry(name, summary));
  const flags = options.map(({ flag, summary }) => entry(flag, summary));
  const sets: readonly (readonly [string, readonly string[]])[] = [
    [`commands ${words}`, names],
    [`flags ${words}`, flags],
    [`words ${words}`, takesFile ? ["@file"] : choices],
    ...options.map((option) => [`value ${words} ${option.flag}`, valuesOf(option)] as const),
  ];
  return sets
    .filter(([, lines]) => lines.length > 0)
    .map(([name, lines]) => `    "${name}") print -rl -- ${lines.map(quoted).join(" ")} ;;`)
    .join("\n");
}

function valuesOf({ value }: CompletedOption): readonly string[] {
  if (value === "file" || value === "directory") return [`@${value}`];
  return typeof value === "string" ? [] : value;
}

/** A colon parts a word from its sentence. */
function entry(word: string, sentence: string): string {
  return `${word.replaceAll(":", String.raw`\:`)}:${sentence}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
