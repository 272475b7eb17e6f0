# bash completion for animectl(1): commands and options as the program itself lists them.

_animectl() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} word command=
	COMPREPLY=()
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case $word in
		-*) ;;
		*)
			command=$word
			break
			;;
		esac
	done
	case $previous in
	--sequels)
		mapfile -t COMPREPLY < <(compgen -W "hide show only" -- "$current")
		return
		;;
	-s | --socket)
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
		;;
	esac
	if [[ $current == -* ]]; then
		word=$({ animectl --help; [[ $command ]] && animectl "$command" --help; } 2>/dev/null | grep -oE -- '--[a-z][a-z-]*')
	elif [[ ! $command ]]; then
		word=$(animectl --help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p')
	else
		return
	fi
	mapfile -t COMPREPLY < <(compgen -W "$word" -- "$current")
}

complete -F _animectl animectl
