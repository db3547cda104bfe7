# The jobs of about_FtpAutomation, each as it stands there, in a shell of its own as a scheduler starts it.

BeforeAll {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    Import-Module "$PSScriptRoot/../PowerShell.psm1"
    $ftp = Start-TestServer embedded
    $page = [IO.File]::ReadAllText((Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'docs/en-US/about_FtpAutomation.help.txt'))

    # A job of the page, with the places and the server of this test, as a file.
    function New-Job([string] $Name, [int] $Port = $ftp.Port) {
        $folder = (New-Item (Join-Path $TestDrive ([guid]::NewGuid())) -ItemType Directory).FullName
        $ftp.Credential | Export-Clixml (Join-Path $folder 'ftp-credential.xml')
        $lines = [regex]::Match($page, "(?m)^        # $([regex]::Escape($Name))\.ps1\r?\n((?:        .*\r?\n)+)").Groups[1].Value
        $lines | Should -Not -BeNullOrEmpty
        $script = ($lines -replace '(?m)^        ').Replace('ftp.example.com', "127.0.0.1 -Port $Port -TimeoutSec 5").Replace('-Tls Explicit', '-Tls None').Replace('00:30:00', '00:00:01').
            Replace('/out/', "$at/out/").Replace('/in/', "$at/in/").Replace('C:\Jobs\', "$folder/").Replace('Import-Module FtpTools', "Import-Module '$manifest'")
        $file = Join-Path $folder "$Name.ps1"
        [IO.File]::WriteAllText($file, $script.Replace("Inbox\", 'Inbox/').Replace('Outbox\', 'Outbox/'))
        [pscustomobject]@{ File = $file; Folder = $folder }
    }

    function Invoke-Job($Job) {
        $output = & (Get-PowerShellPath) -NoProfile -NonInteractive -File $Job.File 2>&1 | Out-String
        [pscustomobject]@{ ExitCode = $LASTEXITCODE; Output = $output }
    }
}

Describe 'The jobs of about_FtpAutomation' {
    BeforeEach {
        $folder = New-TestFolder $ftp
        $at = $folder.Remote
        $null = New-Item (Join-Path $folder.Local 'out'), (Join-Path $folder.Local 'in') -ItemType Directory
    }

    It 'receives, moves away, and says so' {
        'a', 'b' | ForEach-Object { $null = New-TestFile (Join-Path $folder.Local "out/$_.csv") $_ }
        $job = New-Job Receive-Order
        $run = Invoke-Job $job
        $run.ExitCode | Should -Be 0 -Because $run.Output
        $run.Output | Should -BeLike '*2 transferred*'
        Get-ChildItem (Join-Path $job.Folder 'Inbox') | ForEach-Object Name | Should -Be 'a.csv', 'b.csv'
        Get-ChildItem (Join-Path $folder.Local 'out/done') | ForEach-Object Name | Should -Be 'a.csv', 'b.csv'
        @(Import-Csv (Join-Path $job.Folder 'transfers.csv')).Status | Should -Be 'Succeeded', 'Succeeded'
        (Invoke-Job $job).ExitCode | Should -Be 0
    }

    It 'leaves on the server what could not be received, and ends with 1' {
        'a', 'b' | ForEach-Object { $null = New-TestFile (Join-Path $folder.Local "out/$_.csv") $_ }
        $job = New-Job Receive-Order
        $null = New-Item (Join-Path $job.Folder 'Inbox/a.csv') -ItemType Directory -Force
        $run = Invoke-Job $job
        $run.ExitCode | Should -Be 1 -Because $run.Output
        Join-Path $folder.Local 'out/a.csv' | Should -Exist
        Join-Path $folder.Local 'out/done/b.csv' | Should -Exist
    }

    It 'ends with 2 when the server is away' {
        $port = & { $listener = New-Object Net.Sockets.TcpListener ([Net.IPAddress]::Loopback), 0; $listener.Start(); $listener.LocalEndpoint.Port; $listener.Stop() }
        $run = Invoke-Job (New-Job Receive-Order $port)
        $run.ExitCode | Should -Be 2 -Because $run.Output
    }

    It 'sends what is new, and takes nothing to do for a failure where it is asked to' {
        $job = New-Job Send-Report
        $null = New-TestFile (Join-Path $job.Folder 'Outbox/r.xml') '<r/>'
        $run = Invoke-Job $job
        $run.ExitCode | Should -Be 0 -Because $run.Output
        Get-ChildItem (Join-Path $folder.Local 'in') -Force | ForEach-Object Name | Should -Be 'r.xml'
        Remove-Item (Join-Path $job.Folder 'Outbox/r.xml')
        (Invoke-Job $job).ExitCode | Should -Be 3
    }
}
