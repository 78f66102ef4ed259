/** The shells that completion serves. */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

// The line is split by `read`, never by `eval`: a command substitution that stands in it must not run on Tab.
// Bash replaces only what follows the last "@", "=" or ":" of a word, so what precedes it is taken off.
const bash = `# bash completion of promptv
_promptv() {
  local line=\${COMP_LINE:0:COMP_POINT} breaks=\${COMP_WORDBREAKS//[^@=:]/} head= value description
  local -a words
  IFS=$' \\t\\n' read -r -a words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  local current=\${words[\${#words[@]} - 1]}
  [[ -n $breaks && $current == *["$breaks"]* ]] && head=\${current%"\${current##*["$breaks"]}"}
  COMPREPLY=()
  while IFS=$'\\t' read -r value description; do
    COMPREPLY+=("\${value#"$head"}")
  done < <(promptv complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -o default -F _promptv promptv
`;

const zsh = `#compdef promptv
_promptv() {
  local line value description
  local -a found
  for line in "\${(@f)$(promptv complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] || continue
    value=\${line%%$'\\t'*} description=\${line#*$'\\t'}
    found+=("\${value//:/\\\\:}\${description:+:$description}")
  done
  if (( \${#found} )); then
    _describe promptv found
  else
    _files
  fi
}
if [[ \${funcstack[1]} == _promptv ]]; then
  _promptv "$@"
else
  compdef _promptv promptv
fi
`;

const fish = `# fish completion of promptv
function __promptv_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    promptv complete -- $words[2..-1] "$current" 2>/dev/null
end
complete -c promptv -f -a '(__promptv_complete)'
complete -c promptv -l vars -r -F
complete -c promptv -l from -r -F
complete -c promptv -l config -r -F
complete -c promptv -s C -l cwd -x -a '(__fish_complete_directories)'
`;

/** A script for each shell; each asks `promptv complete -- WORDS`, the last word being the one to complete. */
export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
