<#
What a PowerShell that was killed has left: another one goes on with it.
#>
BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    # The embedded one is there on Windows too, where it matters what a killed process held open.
    $servers = Get-TestServer | Where-Object { $_.Name -in 'embedded', 'vsftpd' }
}

foreach ($server in $servers) {
    Describe "A process that is killed, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp

            # Another PowerShell, with a session as its current one, that runs a line.
            function Start-Other([string] $Line) {
                $script = @"
`$ErrorActionPreference = 'Stop'; `$ProgressPreference = 'SilentlyContinue'
Import-Module '$manifest'
`$password = ConvertTo-SecureString `$env:FTPTOOLS_PASSWORD -AsPlainText -Force
`$credential = New-Object Management.Automation.PSCredential '$($ftp.Credential.UserName)', `$password
`$null = Connect-Ftp $($ftp.Host) -Port $($ftp.Port) -Credential `$credential -Tls None
$Line | ForEach-Object { "`$(`$_.Status), Resumed `$(`$_.Resumed)" }
"@
                $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($script))
                $start = New-Object Diagnostics.ProcessStartInfo (Get-PowerShellPath), "-NoProfile -NonInteractive -EncodedCommand $encoded"
                $start.UseShellExecute = $false
                $start.RedirectStandardOutput = $true
                $start.EnvironmentVariables['FTPTOOLS_PASSWORD'] = $ftp.Credential.GetNetworkCredential().Password
                [Diagnostics.Process]::Start($start)
            }

            # Kills it when the part in a folder has grown to some bytes; the target must not have been there until then.
            function Stop-Other($Process, [string] $Folder, [string] $Target) {
                $time = [Diagnostics.Stopwatch]::StartNew()
                try {
                    while (-not (Get-ChildItem $Folder -Force -Filter '.ftptools-*.part' | Where-Object Length -gt 3MB)) {
                        if ($time.Elapsed.TotalSeconds -gt 60 -or $Process.HasExited) { throw 'The part has not grown.' }
                        [Threading.Thread]::Yield() | Out-Null
                    }
                }
                finally {
                    $Process.Kill()
                    $Process.WaitForExit()
                }
                Test-Path $Target | Should -BeFalse
            }
        }

        It 'leaves a part of an upload, which another goes on with' {
            $file = New-TestData (Join-Path $TestDrive 'up.bin') 16MB
            $copy = Join-Path $folder.Local 'up.bin'
            $send = "Send-FtpItem '$file' $($folder.Remote)"
            Stop-Other (Start-Other "$send -RateLimit 8MB") $folder.Local $copy
            $other = Start-Other "$send -Resume"
            $other.StandardOutput.ReadToEnd().Trim() | Should -Be 'Succeeded, Resumed True'
            (Get-FileHash $copy).Hash | Should -Be (Get-FileHash $file).Hash
            @(Get-ChildItem $folder.Local -Force).Name | Should -Be 'up.bin'
        }

        It 'leaves a part of a download, which another goes on with' {
            $from = New-TestFolder $ftp
            $file = New-TestData (Join-Path $from.Local 'down.bin') 16MB
            Grant-TestFolder $ftp
            $target = (New-Item (Join-Path $TestDrive 'down') -ItemType Directory).FullName
            $copy = Join-Path $target 'down.bin'
            $receive = "Receive-FtpItem $($from.Remote)/down.bin '$target'"
            Stop-Other (Start-Other "$receive -RateLimit 8MB") $target $copy
            $other = Start-Other "$receive -Resume"
            $other.StandardOutput.ReadToEnd().Trim() | Should -Be 'Succeeded, Resumed True'
            (Get-FileHash $copy).Hash | Should -Be (Get-FileHash $file).Hash
            @(Get-ChildItem $target -Force).Name | Should -Be 'down.bin'
        }
    }
}
