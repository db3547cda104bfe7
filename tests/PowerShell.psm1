<#
How everything here starts another PowerShell: the one that runs it.
#>

<#
.SYNOPSIS
The program that starts the PowerShell that asks, whatever hosts it.
.DESCRIPTION
PowerShell as a .NET tool is a library that dotnet runs: the process is dotnet, and no pwsh need be on PATH. For that one
a launcher is written into the cache. It becomes dotnet, so that whoever started it can also kill it.
#>
function Get-PowerShellPath {
    $path = (Get-Process -Id $PID).Path
    if ([IO.Path]::GetFileNameWithoutExtension($path) -ne 'dotnet') { return $path }
    # On Windows the package of the tool has a program of its own.
    if ($env:OS -eq 'Windows_NT') { return Join-Path $PSHOME 'pwsh.exe' }
    $cache = if ($env:FTPTOOLS_CACHE) { $env:FTPTOOLS_CACHE } else { Join-Path $PSScriptRoot '../.cache' }
    $bin = (New-Item (Join-Path $cache 'bin') -ItemType Directory -Force).FullName
    $launcher = Join-Path $bin 'pwsh'
    $quoted = $path, (Join-Path $PSHOME 'pwsh.dll') | ForEach-Object { "'" + $_.Replace("'", "'\''") + "'" }
    $text = "#!/bin/sh`nexec $($quoted[0]) exec --roll-forward Major $($quoted[1]) `"`$@`"`n"
    if (-not (Test-Path $launcher) -or [IO.File]::ReadAllText($launcher) -ne $text) {
        # Several may ask at once, and one that is half written must not be started.
        $new = "$launcher.$PID"
        [IO.File]::WriteAllText($new, $text)
        & chmod +x $new
        Move-Item $new $launcher -Force
    }
    $launcher
}

Export-ModuleMember -Function Get-PowerShellPath
