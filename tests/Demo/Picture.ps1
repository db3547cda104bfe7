<#
.SYNOPSIS
What the picture in README shows: a session with the project's own server, in the terminal that this runs in.
.DESCRIPTION
docs/Export-Picture.ps1 runs it. Nothing but the commands and what they print may come out, and no path of this machine.
#>
param(
    [Parameter(Mandatory)] [string] $ModulePath,
    [Parameter(Mandatory)] [string] $WorkPath
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
# A bar that was there for a second is not in a picture.
$ProgressPreference = 'SilentlyContinue'
. (Join-Path $PSScriptRoot 'Server.ps1')
Import-Module $ModulePath

# A command as it stands at a prompt, and what comes out.
function Show([scriptblock] $Command) {
    Write-Host "$($PSStyle.Foreground.BrightCyan)PS>$($PSStyle.Reset) $("$Command".Trim())"
    . $Command | Out-Host
}

$here, $there = 'here', 'there' | ForEach-Object { (New-Item -ItemType Directory (Join-Path $WorkPath $_)).FullName }
$process = Start-Server $there '--port 2121 --user anna --tls'
Push-Location $here
try {
    $line = $process.StandardOutput.ReadLine()
    if (-not $line) { throw 'The server did not start.' }
    $server = $line | ConvertFrom-Json
    $login = New-Object pscredential $server.user, (ConvertTo-SecureString $server.password -AsPlainText -Force)
    $pin = $server.certificateThumbprint

    $random = New-Object Random 1
    function New-File([string] $Path, [int] $Length) {
        $bytes = New-Object byte[] $Length
        $random.NextBytes($bytes)
        $null = New-Item -ItemType Directory (Split-Path $Path) -Force
        [IO.File]::WriteAllBytes($Path, $bytes)
    }
    'index.html', 'styles/site.css', 'images/plan.png' | ForEach-Object { New-File (Join-Path $here "site/$_") $random.Next(2000, 400000) }
    foreach ($i in 1..1000) { New-File (Join-Path $there ('logs/{0:00}/{1:0000}.log' -f ($i % 50), $i)) 4096 }

    Show { Connect-Ftp localhost -Port 2121 -Credential $login -CertificateThumbprint $pin }
    Show { Test-FtpConnection }
    Show { Send-FtpItem site -Recurse }
    Show { Receive-FtpItem /logs -Recurse | Measure-FtpTransfer }
    Disconnect-Ftp
}
finally {
    Pop-Location
    $process.StandardInput.Dispose()
    if (-not $process.WaitForExit(10000)) { $process.Kill() }
}
