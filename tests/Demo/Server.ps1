# The small server of the project's own, as a process; it ends with its standard input. What it prints first tells how to
# reach it.
function Start-Server([string] $Folder, [string] $Argument = '') {
    $program = Join-Path $PSScriptRoot '../FtpTools.TestServer/bin/Release/net10.0/FtpTools.TestServer.dll'
    $start = New-Object Diagnostics.ProcessStartInfo 'dotnet'
    $start.Arguments = '"{0}" --root "{1}" {2}' -f $program, $Folder, $Argument
    $start.UseShellExecute = $false
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    [Diagnostics.Process]::Start($start)
}
