import { valuedFlags, type CompletedOption, type Spot } from "./tree.ts";

/** A script for fish 3.4 and newer. */
export function fishCompletion(spots: readonly Spot[]): string {
  const known = spots.map(({ words }) => words).filter((words) => words !== "");
  return `# Completion of stowage for fish. Made by: stowage completion fish
function __stowage_spot
    set -l known ${known.map(quoted).join(" ")}
    set -l valued ${valuedFlags(spots).join(" ")}
    set -l spot
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip -eq 1
            set skip 0
        else if contains -- $word $valued
            set skip 1
        else if contains -- (string join -- ' ' $spot $word) $known; and test $word != help
            set -a spot $word
        end
    end
    string join -- ' ' $spot
end

function __stowage_at
    test "$(__stowage_spot)" = "$argv[1]"
end

complete -c stowage -f
${spots.flatMap(lines).join("\n")}
`;
}

/** Fish puts `--data=` before them itself. */
const DIRECTORIES = "(__fish_complete_directories (string replace -r -- '^--[^=]*=' '' (commandline -ct)))";

function lines({ words, commands, options, choices, takesFile }: Spot): readonly string[] {
  const start = `complete -c stowage -n ${quoted(`__stowage_at ${quoted(words)}`)}`;
  return [
    ...commands.map(({ name, summary }) => `${start} -a ${quoted(name)} -d ${quoted(summary)}`),
    ...choices.map((choice) => `${start} -a ${quoted(choice)}`),
    ...(takesFile ? [`${start} -F`] : []),
    ...options.map((option) => `${start} ${flagOf(option)} -d ${quoted(option.summary)}`),
  ];
}

function flagOf({ flag, value }: CompletedOption): string {
  const name = flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`;
  switch (value) {
    case "none":
      return name;
    case "any":
      return `${name} -x`;
    case "file":
      return `${name} -r -F`;
    case "directory":
      return `${name} -x -a ${quoted(DIRECTORIES)}`;
    default:
      return `${name} -x -a ${quoted(value.join(" "))}`;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", String.raw`\'`)}'`;
}
