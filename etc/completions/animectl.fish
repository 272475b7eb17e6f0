# fish completion for animectl(1): commands and options as the program itself lists them.

function __animectl_commands
	animectl --help 2>/dev/null | string match -rg '^  ([a-z][a-z-]*) '
end

function __animectl_command
	set -l value 0
	for word in (commandline -opc)[2..]
		if test $value = 1
			set value 0 # the value of -s is no command
			continue
		end
		contains -- $word -s --socket && set value 1 && continue
		contains -- $word (__animectl_commands) && echo $word && return
	end
	return 1
end

function __animectl_options
	begin
		animectl --help
		set -l command (__animectl_command) && animectl $command --help
	end 2>/dev/null | string match -rg '(--[a-z][a-z-]*)'
end

complete -c animectl -f
complete -c animectl -n 'not __animectl_command >/dev/null' -a '(__animectl_commands)'
complete -c animectl -n 'string match -q -- "-*" (commandline -ct)' -a '(__animectl_options)'
complete -c animectl -l sequels -x -a 'hide show only'
complete -c animectl -s s -l socket -r -F
complete -c animectl -l for -x -a 'both either'
complete -c animectl -s l -l list -r -F
complete -c animectl -l only -r -F
complete -c animectl -l not -r -F
complete -c animectl -l status -x -a 'watching completed on_hold planned dropped unwanted ignored'
complete -c animectl -n 'contains -- (__animectl_command) import export compare' -F
complete -c animectl -n 'contains -- (__animectl_command) import' -s f -l format -x -a 'mal animectl anilist anilist-gdpr kitsu mal-api simkl anime-planet load-json json yamtrack titles csv'
complete -c animectl -n 'contains -- (__animectl_command) export' -s f -l format -x -a 'mal json'
complete -c animectl -n 'contains -- (__animectl_command) list' -s f -l format -x -a 'table json tsv titles'
