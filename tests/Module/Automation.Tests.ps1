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
        Register-FtpProfile orders 127.0.0.1 -Port $Port -Tls None -TimeoutSec 5 -CredentialPath (Join-Path $folder 'ftp-credential.xml') -ProfilePath (Join-Path $folder 'profiles.json')
        $lines = [regex]::Match($page, "(?m)^        # $([regex]::Escape($Name))\.ps1\r?\n((?:        .*\r?\n)+)").Groups[1].Value
        $lines | Should -Not -BeNullOrEmpty
        $script = ($lines -replace '(?m)^        ').Replace('-Profile orders', "-Profile orders -ProfilePath '$folder/profiles.json'").Replace('00:30:00', '00:00:01').Replace('02:00:00', '00:00:01').
            Replace('-Stable 30s', '-Stable 0.2 -IntervalSec 0.1').Replace('-Until 06:00', '-TimeoutSec 5').
            Replace('C:\Jobs\', "$folder/").Replace('Import-Module FtpTools', "Import-Module '$manifest'")
        foreach ($name in 'out', 'in', 'web', 'backup', 'drop', 'archive') { $script = $script -replace "(?<![\w$name])/$name\b", "$at/$name" }
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
        $null = 'out', 'in', 'web', 'drop', 'archive' | ForEach-Object { New-Item (Join-Path $folder.Local $_) -ItemType Directory }
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
        # What has the name of one that was taken away is another one.
        $null = New-TestFile (Join-Path $folder.Local 'out/a.csv') 'a again'
        $run = Invoke-Job $job
        $run.ExitCode | Should -Be 0 -Because $run.Output
        [IO.File]::ReadAllText((Join-Path $job.Folder 'Inbox/a.csv')) | Should -Be 'a again'
        @(Get-FtpJournal (Join-Path $job.Folder 'orders.jsonl')).Count | Should -Be 2
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
        Join-Path $job.Folder 'Archive/r.xml' | Should -Exist
        Get-ChildItem (Join-Path $job.Folder 'Outbox') | Should -BeNullOrEmpty
        (Invoke-Job $job).ExitCode | Should -Be 3
    }

    It 'deploys a site, and keeps what it replaces' {
        $job = New-Job Deploy-Site
        $null = New-TestFile (Join-Path $job.Folder 'Site/index.html') 'new page'
        $null = New-TestFile (Join-Path $job.Folder 'Site/.git/config') 'none of theirs'
        $null = New-TestFile (Join-Path $folder.Local 'web/index.html') 'old'
        $null = New-TestFile (Join-Path $folder.Local 'web/gone.html') 'gone'
        $null = New-TestFile (Join-Path $folder.Local 'web/access.log') 'log'
        $run = Invoke-Job $job
        $run.ExitCode | Should -Be 0 -Because $run.Output
        [IO.File]::ReadAllText((Join-Path $folder.Local 'web/index.html')) | Should -Be 'new page'
        Get-ChildItem (Join-Path $folder.Local 'web') -Force | ForEach-Object Name | Should -Be 'access.log', 'index.html'
        @(Get-ChildItem (Join-Path $folder.Local 'backup') -Recurse -File | ForEach-Object Name | Sort-Object) | Should -Be 'gone.html', 'index.html'
        $run = Invoke-Job $job
        $run.Output | Should -BeLike '*0 transferred*'
    }

    It 'waits for a file of a partner''s, and takes it' {
        $job = New-Job Watch-Partner
        $null = New-TestFile (Join-Path $folder.Local 'drop/a.zip') 'zip'
        $run = Invoke-Job $job
        $run.ExitCode | Should -Be 0 -Because $run.Output
        Join-Path $job.Folder 'Inbox/a.zip' | Should -Exist
        Get-ChildItem (Join-Path $folder.Local 'drop') | Should -BeNullOrEmpty
        # And none comes.
        (Invoke-Job $job).ExitCode | Should -Be 2
    }

    It 'mirrors a directory of the server, but for one that is not the right one' {
        $job = New-Job Copy-Archive
        $null = New-TestFile (Join-Path $job.Folder 'Mirror/.marker') ''
        'a', 'b', 'c' | ForEach-Object { $null = New-TestFile (Join-Path $job.Folder "Mirror/$_.txt") 'old' }
        $null = New-TestFile (Join-Path $folder.Local 'archive/a.txt') 'newest'
        $null = New-TestFile (Join-Path $folder.Local 'archive/b.txt') 'newest'
        (Invoke-Job $job).ExitCode | Should -Be 2
        [IO.File]::ReadAllText((Join-Path $job.Folder 'Mirror/a.txt')) | Should -Be 'old'
        $null = New-TestFile (Join-Path $folder.Local 'archive/.marker') ''
        $run = Invoke-Job $job
        $run.ExitCode | Should -Be 0 -Because $run.Output
        Get-ChildItem (Join-Path $job.Folder 'Mirror') -Force | ForEach-Object Name | Should -Be '.marker', 'a.txt', 'b.txt'
        [IO.File]::ReadAllText((Join-Path $job.Folder 'Mirror/a.txt')) | Should -Be 'newest'
        @(Get-ChildItem (Join-Path $job.Folder 'Replaced') -Recurse -File).Count | Should -Be 3
    }
}
