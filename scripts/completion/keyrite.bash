# shellcheck shell=bash
# bash completion for keyrite. keyrite says what may come next (keyrite __complete WORDS...); here it is quoted for bash.
# Names come from a site, and somebody else may have chosen them: none of them is ever evaluated.

# _keyrite_unquote WORD: sets plain to the word without its quotes, and quote to the one that is still open. Nothing in it
# is expanded.
_keyrite_unquote() {
  local word=$1 c i
  plain='' quote=''
  for ((i = 0; i < ${#word}; i++)); do
    c=${word:i:1}
    if [[ $quote == "'" ]]; then
      if [[ $c == "'" ]]; then quote=''; else plain+=$c; fi
    elif [[ $c == \\ ]]; then
      ((i += 1))
      plain+=${word:i:1}
    elif [[ $quote == '"' ]]; then
      if [[ $c == '"' ]]; then quote=''; else plain+=$c; fi
    elif [[ $c == "'" || $c == '"' ]]; then
      quote=$c
    else
      plain+=$c
    fi
  done
}

# _keyrite_words: sets words to those before the cursor without their quotes, plain and quote to what the last one is.
# COMP_WORDS is broken at "=" and ":" too, which keyrite's own words are not.
_keyrite_words() {
  local rest=${COMP_LINE:0:COMP_POINT} piece raw=() i
  for ((i = 0; i <= COMP_CWORD; i++)); do
    piece=${COMP_WORDS[i]}
    if ((i == 0)) || [[ $rest == [[:blank:]]* ]]; then
      rest=${rest#"${rest%%[![:blank:]]*}"}
      ((i == COMP_CWORD)) && piece=$rest
      raw+=("$piece")
    else
      ((i == COMP_CWORD)) && piece=$rest
      raw[-1]+=$piece
    fi
    rest=${rest#"$piece"}
  done
  words=()
  for piece in "${raw[@]}"; do
    _keyrite_unquote "$piece"
    words+=("$plain")
  done
}

# _keyrite_common WORDS...: sets common to what all of them begin with.
_keyrite_common() {
  common=$1
  local word
  for word in "$@"; do
    while [[ $word != "$common"* ]]; do common=${common%?}; done
  done
}

_keyrite() {
  local words plain quote common word found=() quoted=() before
  COMPREPLY=()
  _keyrite_words
  while IFS=$'\t' read -r word _; do
    # Between quotes that are open, only what means itself there.
    if [[ -z $quote || $word != *[!A-Za-z0-9._/@%+,:=-]* ]]; then found+=("$word"); fi
  done < <("$1" __complete "${words[@]:1}" 2>/dev/null)
  ((${#found[@]})) || return 0
  _keyrite_common "${found[@]}"
  # What readline takes for the word begins behind these.
  before=''
  [[ $plain == *[=:]* ]] && before=${plain%"${plain##*[=:]}"}
  if ((${#found[@]} == 1)) || [[ $common != "$plain" ]]; then
    word=${common#"$before"}
    if [[ -z $quote ]]; then printf -v word %q "$word"; fi
    COMPREPLY=("$word")
    if ((${#found[@]} > 1)) || [[ $common == */ ]]; then compopt -o nospace 2>/dev/null; fi
    return 0
  fi
  # Several, and nothing to add to what was typed: they are shown. readline puts there what they begin with, and half an
  # escape would take the next character with it.
  for word in "${found[@]}"; do
    word=${word#"$before"}
    if [[ -z $quote ]]; then printf -v word %q "$word"; fi
    quoted+=("$word")
  done
  _keyrite_common "${quoted[@]}"
  case $common in *\\ | *\$\'*) ;; *) COMPREPLY=("${quoted[@]}") ;; esac
}

complete -o default -F _keyrite keyrite
