<#
.SYNOPSIS
What a client behind the firewall of a lab sees: a test of the connection, and the work of a session that nobody has
tuned. Runs in the client's namespace and writes one JSON object.
#>
param(
    # The manifest of the module.
    [Parameter(Mandatory)] [string] $Manifest,

    # What firewall-lab printed, as a file.
    [Parameter(Mandatory)] [string] $LabPath
)
$ErrorActionPreference = 'Stop'
$WarningPreference = 'SilentlyContinue'
Import-Module $Manifest
$lab = Get-Content $LabPath -Raw | ConvertFrom-Json
$credential = New-Object Management.Automation.PSCredential $lab.user, (ConvertTo-SecureString $lab.password -AsPlainText -Force)
$server = @{
    ComputerName         = $lab.host
    Port                 = $lab.port
    Credential           = $credential
    DataTimeoutSec       = 2
    TimeoutSec           = 3
    SkipCertificateCheck = $true
}

# Does something and tells what came of it and how long it took.
function Measure-Work([scriptblock] $Work) {
    $time = [Diagnostics.Stopwatch]::StartNew()
    $value = $failure = $null
    try { $value = & $Work }
    catch { $failure = $_ }
    [ordered]@{
        Milliseconds = $time.ElapsedMilliseconds
        Value        = $value
        ErrorId      = "$($failure.FullyQualifiedErrorId)" -replace ',.*'
        Message      = "$failure"
    }
}

$result = [ordered]@{}
$result.Tests = @(Test-FtpConnection @server | ForEach-Object {
        [ordered]@{
            Step         = "$($_.Step)"
            Mode         = "$($_.Mode)"
            Command      = $_.Command
            Succeeded    = $_.Succeeded
            Stage        = "$($_.Stage)"
            Announced    = $_.Announced
            Used         = $_.Used
            Resumed      = $_.Resumed
            Diagnosis    = $_.Diagnosis
            ErrorId      = "$($_.ErrorId)"
            Milliseconds = $_.Elapsed.TotalMilliseconds
        }
    })
if ($lab.case -eq 'nat-server') {
    $trusting = Test-FtpConnection @server -Mode Pasv -TrustPassiveAddress | Where-Object { $_.Step -eq 'Listing' }
    $result.Trusting = [ordered]@{ Succeeded = $trusting.Succeeded; Used = $trusting.Used; Diagnosis = $trusting.Diagnosis }
}
$result.Connect = Measure-Work { "$((Connect-Ftp @server).Mode)" }
if (-not $result.Connect.Message) {
    # Others probe at the same time, in the same folder.
    $file = "$LabPath.txt"
    [IO.File]::WriteAllText($file, 'through the firewall')
    $result.First = Measure-Work { @(Get-FtpChildItem / -ErrorAction Stop | ForEach-Object Name) }
    if (-not $result.First.Message) {
        $result.Second = Measure-Work { @(Get-FtpChildItem / -ErrorAction Stop | ForEach-Object Name) }
        $result.Upload = Measure-Work { "$((Send-FtpItem $file /sent.txt -Force -ErrorAction Stop).Mode)" }
        $result.Download = Measure-Work { "$((Receive-FtpItem /sent.txt "$file.back" -Force -ErrorAction Stop).Mode)" }
        $result.Content = "$(Get-Content "$file.back" -ErrorAction Ignore)"
    }
    Disconnect-Ftp
}

# The line that is recommended, word for word but for the account, which would be asked for.
$line = @($result.Tests | Where-Object { $_.Step -eq 'Recommendation' })[0].Command
if ($line) {
    $null = Invoke-Expression ($line -replace '-Credential \S+', '-Credential $credential')
    $result.Recommended = Measure-Work { @(Get-FtpChildItem / -ErrorAction Stop | ForEach-Object Name) }
    Disconnect-Ftp
}
$result | ConvertTo-Json -Depth 5 -Compress
