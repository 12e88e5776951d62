# fish completion for keyrite. keyrite says what may come next (keyrite __complete WORDS...); fish quotes it. Names come from
# a site, and somebody else may have chosen them: none of them is ever evaluated.

function __keyrite_candidates
    set -l typed (commandline -opc)
    set -e typed[1]
    set -l current (commandline -ct)
    # Without its quotes; as it is where one is still open.
    set -l plain (string unescape -- "$current")
    or set plain "$current"
    command keyrite __complete $typed "$plain" 2>/dev/null
end

complete -c keyrite -f -a '(__keyrite_candidates)'
