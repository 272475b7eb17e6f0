# bash completion for animectl(1): commands and options as the program itself lists them, and versions of the
# daemon's store.

_animectl() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} word command= value=
	local -a socket=()
	COMPREPLY=()
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		if [[ $value ]]; then
			socket=(--socket "$word") value=
			continue
		fi
		case $word in
		-s | --socket) value=1 ;;
		--socket=*) socket=("$word") ;;
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
	--status)
		mapfile -t COMPREPLY < <(compgen -W "watching completed on_hold planned dropped unwanted ignored" -- "$current")
		return
		;;
	-f | --format)
		word="mal json"
		[[ $command != list ]] || word="table json tsv titles"
		[[ $command != import ]] || word="mal animectl anilist anilist-gdpr kitsu mal-api simkl anime-planet load-json json yamtrack titles csv"
		mapfile -t COMPREPLY < <(compgen -W "$word" -- "$current")
		return
		;;
	--for)
		mapfile -t COMPREPLY < <(compgen -W "both either" -- "$current")
		return
		;;
	-s | --socket | -l | --list | --only | --not)
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
		;;
	esac
	if [[ $current == -* ]]; then
		word=$({ animectl --help; [[ $command ]] && animectl "$command" --help; } 2>/dev/null | grep -oE -- '--[a-z][a-z-]*')
	elif [[ ! $command ]]; then
		word=$(animectl --help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p')
	elif [[ $command == rollback || $command == pin ]]; then
		word=$(animectl "${socket[@]}" --json models 2>/dev/null | sed -n 's/^ *"version": \([0-9]*\),*$/\1/p')
	elif [[ $command == import || $command == export || $command == compare ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
	else
		return
	fi
	mapfile -t COMPREPLY < <(compgen -W "$word" -- "$current")
}

complete -F _animectl animectl
