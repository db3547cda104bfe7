<#
.SYNOPSIS
Makes docs/terminal.svg, the picture in README: runs tests/Demo/Picture.ps1 in a real terminal of 100 columns, and draws what
it printed, with its colours. On Linux, where script(1) lends the terminal.
.PARAMETER Shell
The PowerShell to run it in.
.PARAMETER ModulePath
The module to show.
.PARAMETER OutputPath
The file to write.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Shell,
    [Parameter(Mandatory)] [string] $ModulePath,
    [Parameter(Mandatory)] [string] $OutputPath
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$columns = 100
# Of a monospaced font of 14 pixels; textLength holds each run of text to it, whichever font the reader has.
$charWidth, $lineHeight, $margin = 8.4, 18, 16
$escape = [string][char]27

# In memory, so that the picture tells the time of the transfer and not of a disk.
$temporary = if (Test-Path /dev/shm) { '/dev/shm' } else { [IO.Path]::GetTempPath() }
$work = (New-Item -ItemType Directory (Join-Path $temporary ([guid]::NewGuid()))).FullName
try {
    $command = "stty cols $columns rows 50; exec `"`$PICTURE_SHELL`" -NoProfile -NonInteractive -File `"`$PICTURE_SCRIPT`" -ModulePath `"`$PICTURE_MODULE`" -WorkPath `"`$PICTURE_WORK`""
    $env:PICTURE_SHELL, $env:PICTURE_SCRIPT, $env:PICTURE_MODULE, $env:PICTURE_WORK = $Shell, (Join-Path $PSScriptRoot '../tests/Demo/Picture.ps1'), $ModulePath, $work
    $env:TERM = 'xterm-256color'
    # Its standard input is no terminal, and ends at once.
    $printed = @($null | script --quiet --return --echo never --command $command /dev/null)
    if ($LASTEXITCODE) { throw "What the picture shows has failed:`n$($printed -replace "$escape[^A-Za-z=>]*[A-Za-z=>]" -join "`n")" }
}
finally {
    'SHELL', 'SCRIPT', 'MODULE', 'WORK' | ForEach-Object { Remove-Item "Env:PICTURE_$_" -ErrorAction Ignore }
    Remove-Item $work -Recurse -Force
}

# What sets up a terminal and draws nothing.
$lines = $printed -join "`n" -replace "`r" -replace "$escape\[\?\d+[hl]" -replace "$escape[=>]" -split "`n"
$text = $lines -replace "$escape\[[\d;]*m"
foreach ($secret in $work, $HOME, (Split-Path $PSScriptRoot), [Environment]::MachineName) {
    if ($secret.Length -gt 1 -and ($text -match [regex]::Escape($secret))) { throw "The picture would show '$secret', which is this machine's." }
}

$colors = @{
    30 = '#484f58'; 31 = '#ff7b72'; 32 = '#3fb950'; 33 = '#d29922'; 34 = '#58a6ff'; 35 = '#bc8cff'; 36 = '#39c5cf'; 37 = '#c9d1d9'
    90 = '#6e7681'; 91 = '#ffa198'; 92 = '#56d364'; 93 = '#e3b341'; 94 = '#79c0ff'; 95 = '#d2a8ff'; 96 = '#56d4dd'; 97 = '#f0f6fc'
}
$state = @{ Color = 0; Bold = $false; Italic = $false }

# ECMA-48, 8.3.117: an empty parameter is 0.
function Set-Rendition([string] $Parameters) {
    foreach ($code in $Parameters -split ';' | ForEach-Object { [int]"0$_" }) {
        switch ($code) {
            0 { $state.Color = 0; $state.Bold = $false; $state.Italic = $false }
            1 { $state.Bold = $true }
            3 { $state.Italic = $true }
            22 { $state.Bold = $false }
            23 { $state.Italic = $false }
            39 { $state.Color = 0 }
            49 { } # the default background
            default {
                if (-not $colors.ContainsKey($code)) { throw "The picture has no drawing for SGR $code." }
                $state.Color = $code
            }
        }
    }
}

$number = [cultureinfo]::InvariantCulture
$body = [Text.StringBuilder]::new()
$used = @{}
$row = 0
$wasEmpty = $true
foreach ($line in $lines) {
    # PowerShell puts up to three empty lines around a table, where one is enough to see it.
    $isEmpty = -not ($line -replace "$escape\[[\d;]*m").Trim()
    $column = 0
    foreach ($part in [regex]::Matches($line, "$escape\[(?<sgr>[\d;]*)m|(?<text>[^$escape]+)|(?<other>$escape.{0,5})")) {
        if ($part.Groups['other'].Success) { throw "The picture has no drawing for the sequence ESC$($part.Value.Substring(1))." }
        if ($part.Groups['sgr'].Success) { Set-Rendition $part.Groups['sgr'].Value; continue }
        $run = $part.Groups['text'].Value
        # Words that spaces move into a column are placed on it one by one: not every renderer keeps runs of spaces.
        foreach ($words in [regex]::Matches($run, '\S+( \S+)*')) {
            $x = $margin + ($column + $words.Index) * $charWidth
            $class = @(if ($state.Color) { "c$($state.Color)"; $used[$state.Color] = $true }; if ($state.Bold) { 'b' }; if ($state.Italic) { 'i' }) -join ' '
            $null = $body.Append([string]::Format($number, '<text x="{0:0.#}" y="{1}" textLength="{2:0.#}"{3}>{4}</text>' + "`n", $x, ($margin + 14 + $row * $lineHeight),
                    ($words.Length * $charWidth), $(if ($class) { " class=`"$class`"" }), [Security.SecurityElement]::Escape($words.Value)))
        }
        $column += $run.Length
    }
    if (-not ($isEmpty -and $wasEmpty)) { $row++ }
    $wasEmpty = $isEmpty
}
if ($wasEmpty) { $row-- }

$width, $height = (2 * $margin + $columns * $charWidth), (2 * $margin + $row * $lineHeight)
$styles = @($used.Keys | Sort-Object | ForEach-Object { ".c$_{fill:$($colors[$_])}" }) -join ''
$svg = @"
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 $width $height" width="$width" height="$height" role="img">
<title>Connect-Ftp, Test-FtpConnection, Send-FtpItem and Receive-FtpItem in a terminal</title>
<style>text{font:14px Consolas,Menlo,'DejaVu Sans Mono',monospace;fill:#c9d1d9}.b{font-weight:bold}.i{font-style:italic}$styles</style>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
$body</svg>
"@
[IO.File]::WriteAllText($OutputPath, $svg.Replace("`r", '') + "`n")
