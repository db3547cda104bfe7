<#
.SYNOPSIS
Shows the module's main job with its real output, against a small FTP server of the project's own on loopback.
.DESCRIPTION
It fails when anything that it shows is not so: a hash that differs, a transfer in another mode than asked for.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path
. (Join-Path $PSScriptRoot 'Server.ps1')
$module = Join-Path $root 'out/FtpTools'
$work = Join-Path ([IO.Path]::GetTempPath()) ('FtpTools-demo-' + [IO.Path]::GetRandomFileName())
$here = Join-Path $work 'here'
$there = Join-Path $work 'there'

# Prints a command as it stands at a prompt, runs it, and prints what comes out. Dot-sourced, it keeps the variables.
function Show([scriptblock] $Command) {
    Write-Host "PS> $("$Command".Trim())" -ForegroundColor Cyan
    . $Command | Out-Host
}

function Say([string] $Text) { Write-Host "`n# $Text" -ForegroundColor Green }

function Assert-SameFile([string] $One, [string] $Other) {
    $hashes = Get-FileHash -LiteralPath $One, $Other
    if ($hashes[0].Hash -ne $hashes[1].Hash) { throw "$Other is not what was sent as $One." }
}

$null = New-Item -ItemType Directory $here, $there, (Join-Path $here 'report/2026')
$process = Start-Server $there
Push-Location $here
try {
    $line = $process.StandardOutput.ReadLine()
    if (-not $line) { throw 'The server of the demo did not start.' }
    $server = $line | ConvertFrom-Json

    Set-Content report/summary.txt 'All is well.'
    1..300 | ForEach-Object { "$_;$($_ * $_)" } | Set-Content report/2026/squares.csv
    Set-Content -LiteralPath 'report/2026/notes [draft].txt' 'A name with brackets and spaces is a name like any other.'
    $bytes = New-Object byte[] 3MB
    (New-Object Random).NextBytes($bytes)
    [IO.File]::WriteAllBytes((Join-Path $here 'report/picture.bin'), $bytes)
    1..5 | ForEach-Object { "line $_" } | Set-Content lines.txt
    $credential = New-Object pscredential $server.user, (ConvertTo-SecureString $server.password -AsPlainText -Force)

    Say "Connect to the demo's own server, an FTP server on loopback"
    Show { Import-Module $module }
    Show { Connect-Ftp $server.host -Port $server.port -Credential $credential }

    Say 'Send a folder'
    Show { Send-FtpItem report -Recurse }

    Say 'List it'
    Show { Get-FtpChildItem }
    Show { Get-FtpChildItem report -Recurse -File }

    Say 'Receive it back, and compare'
    Show { Receive-FtpItem report -Destination back -Recurse }
    . Show { $sent = Get-ChildItem report -Recurse -File | Get-FileHash }
    . Show { $received = Get-ChildItem back -Recurse -File | Get-FileHash }
    Show { Compare-Object $sent $received -Property Hash -IncludeEqual }
    foreach ($file in Get-ChildItem report -Recurse -File) {
        Assert-SameFile $file.FullName $file.FullName.Replace((Join-Path $here 'report'), (Join-Path $here 'back'))
    }
    if (@($received).Count -ne @($sent).Count) { throw 'More came back than was sent.' }

    Say 'Active mode: now the server dials this machine'
    Show { Set-FtpMode Active -PassThru }
    . Show { $result = Receive-FtpItem report/picture.bin -Destination active.bin; $result | Format-List Source, Length, Mode, Status }
    if ($result.Mode -notin 'Port', 'Eprt') { throw "The transfer was made in mode $($result.Mode)." }
    Assert-SameFile report/picture.bin active.bin
    Show { Set-FtpMode Auto }

    Say 'ASCII: line ends are turned on the way, and back on the way back'
    Show { Send-FtpItem lines.txt -TransferType Ascii | Format-List Destination, Length, Mode, TransferType, Status }
    . Show { $result = Receive-FtpItem lines.txt -Destination again.txt -TransferType Ascii; $result | Format-List Destination, Length, Mode, TransferType, Status }
    Show { Get-FileHash lines.txt, again.txt | Format-Table Hash, @{ Name = 'Name'; Expression = { Split-Path $_.Path -Leaf } } }
    if ($result.TransferType -ne 'Ascii') { throw "The transfer was of type $($result.TransferType)." }
    Assert-SameFile lines.txt again.txt

    Say 'What goes over the wire'
    Show { Test-FtpPath lines.txt -Verbose }

    Say 'Disconnect'
    Show { Disconnect-Ftp }
    Write-Host "`nEverything came back as it was sent." -ForegroundColor Green
}
finally {
    Get-Module FtpTools | Remove-Module
    Pop-Location
    # The server ends with its standard input.
    $process.StandardInput.Dispose()
    if (-not $process.WaitForExit(10000)) { $process.Kill() }
    Remove-Item $work -Recurse -Force
}
