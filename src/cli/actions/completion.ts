import { didYouMean } from '../../text/nearest.ts'
import { EXIT_CODE } from '../exit-code.ts'

/** Scripts that ask `drylab complete` for the words that may come next; file names are left to the shell. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# drylab completion for bash: eval "$(drylab completion bash)"
_drylab() {
  local word="\${COMP_WORDS[COMP_CWORD]}" line
  local -a found=()
  while IFS= read -r line; do found+=("$line"); done < <(drylab complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [ "\${found[0]}" = ":files" ]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$word"))
  else
    COMPREPLY=($(compgen -W "\${found[*]}" -- "$word"))
  fi
}
complete -F _drylab drylab
`,
  zsh: `#compdef drylab
# drylab completion for zsh: eval "$(drylab completion zsh)"
_drylab() {
  local -a found
  found=("\${(@f)$(drylab complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ "\${found[1]}" == ":files" ]]; then
    _files
  else
    compadd -- $found
  fi
}
compdef _drylab drylab
`,
  fish: `# drylab completion for fish: drylab completion fish | source
function __drylab_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l found (drylab complete -- $words[2..-1] 2>/dev/null)
    if test "$found[1]" = ":files"
        __fish_complete_path (commandline -ct)
    else
        printf '%s\\n' $found
    end
end
complete -c drylab -f -a '(__drylab_complete)'
`,
}

/** `drylab completion SHELL`: prints the script that makes a shell complete drylab's commands. Returns the exit status. */
export function completion(shell: string): number {
  const script = SCRIPTS[shell]
  if (script === undefined) {
    const known = Object.keys(SCRIPTS)
    process.stderr.write(
      `error: there is no completion for "${shell}"${didYouMean(shell, known)}; there is one for ${known.join(', ')}\n`,
    )
    return EXIT_CODE.usage
  }
  process.stdout.write(script)
  return EXIT_CODE.ok
}
