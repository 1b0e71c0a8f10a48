import { valuedFlags, type OptionValue, type Spot } from "./tree.ts";

/** A script that bash 3.2 and newer evaluates. */
export function bashCompletion(spots: readonly Spot[]): string {
  const byWords = (words: (spot: Spot) => string): string =>
    spots.map((spot) => `    "${spot.words}") echo "${words(spot)}" ;;`).join("\n");
  return `# Completion of stowage for bash. Made by: stowage completion bash
_stowage_commands() {
  case "$1" in
${byWords(({ commands }) => commands.map(({ name }) => name).join(" "))}
  esac
}

_stowage_words() {
  case "$1" in
${byWords(({ commands, choices }) => [...commands.map(({ name }) => name), ...choices].join(" "))}
  esac
}

_stowage_flags() {
  case "$1" in
${byWords(({ options }) => options.map(({ flag }) => flag).join(" "))}
  esac
}

_stowage_values() {
  case "$1 $2" in
${spots.flatMap(valueCases).join("\n")}
  esac
}

_stowage_takes_file() {
  case "$1" in
    ${patterns(spots.filter(({ takesFile }) => takesFile).map(({ words }) => words))}) return 0 ;;
  esac
  return 1
}

_stowage() {
  local current="\${COMP_WORDS[COMP_CWORD]}" spot="" valued="" word values i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    # bash takes --output=json for three words.
    if [[ "$word" == "=" ]]; then continue; fi
    if [[ -n "$valued" ]]; then valued=""; continue; fi
    case "$word" in
      ${valuedFlags(spots).join("|")}) valued="$word" ;;
      -*) ;;
      help) ;;
      *) if [[ " $(_stowage_commands "$spot") " == *" $word "* ]]; then spot="\${spot:+$spot }$word"; fi ;;
    esac
  done
  if [[ "$current" == "=" ]]; then current=""; fi
  COMPREPLY=()
  if [[ -n "$valued" ]]; then
    values="$(_stowage_values "$spot" "$valued")"
    case "$values" in
      @file) compopt -o default 2>/dev/null ;;
      @directory) compopt -o dirnames 2>/dev/null ;;
      *) COMPREPLY=($(compgen -W "$values" -- "$current")) ;;
    esac
  elif [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$(_stowage_flags "$spot")" -- "$current"))
  else
    COMPREPLY=($(compgen -W "$(_stowage_words "$spot")" -- "$current"))
    if _stowage_takes_file "$spot"; then compopt -o default 2>/dev/null; fi
  fi
  return 0
}

complete -F _stowage stowage
`;
}

function valueCases({ words, options }: Spot): readonly string[] {
  return options.flatMap(({ flag, value }) => {
    const text = proposals(value);
    return text === "" ? [] : [`    "${words} ${flag}") echo "${text}" ;;`];
  });
}

function proposals(value: OptionValue): string {
  if (value === "file" || value === "directory") return `@${value}`;
  return typeof value === "string" ? "" : value.join(" ");
}

/** Alternatives of a case; one that never is when there are none. */
function patterns(words: readonly string[]): string {
  return words.length === 0 ? '"-"' : words.map((text) => `"${text}"`).join("|");
}
