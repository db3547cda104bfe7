BeforeAll {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $ftp = Start-TestServer embedded
    $folder = New-TestFolder $ftp
    $at = $folder.Remote
    $null = Connect-TestServer $ftp
    foreach ($file in 'a.txt', 'b.txt', 'c.txt') { $null = New-TestFile (Join-Path $folder.Local $file) $file }
    $here = (New-Item (Join-Path $TestDrive 'here') -ItemType Directory).FullName
}

AfterAll { Disconnect-Ftp -All }

Describe 'Measure-FtpTransfer' {
    It 'adds up what was done' {
        $summary = Receive-FtpItem "$at/*.txt" -Destination $here | Measure-FtpTransfer
        $summary.ExitCode, $summary.Succeeded, $summary.Skipped, $summary.Failed | Should -Be 0, 3, 0, 0
        $summary.Length | Should -Be 15
        $summary.Elapsed | Should -BeGreaterThan ([timespan]::Zero)
        $summary.StartTime | Should -BeGreaterThan (Get-Date).AddMinutes(-5)
        "$summary" | Should -BeLike '3 transferred*exit code 0'
        (Receive-FtpItem "$at/*.txt" -Destination $here -Update | Measure-FtpTransfer).Skipped | Should -Be 3
    }

    It 'tells what failed, and that some of it did' {
        $null = New-Item (Join-Path $here 'dir/b.txt') -ItemType Directory -Force
        $summary = Receive-FtpItem "$at/*.txt" -Destination "$here/dir" -ErrorAction SilentlyContinue | Measure-FtpTransfer
        $summary.ExitCode, $summary.Succeeded, $summary.Failed | Should -Be 1, 2, 1
        $summary.Error | Should -BeLike "$at/b.txt: *"
        (Receive-FtpItem "$at/b.txt" -Destination "$here/dir" -ErrorAction SilentlyContinue | Measure-FtpTransfer).ExitCode | Should -Be 2
    }

    It 'counts errors that no result tells of' {
        $results = @(
            Receive-FtpItem "$at/a.txt" -Destination $here -ErrorVariable errors
            Move-FtpItem "$at/none.txt" "$at/b" -ErrorAction SilentlyContinue -ErrorVariable +errors
        )
        $summary = $results | Measure-FtpTransfer -ErrorRecord $errors
        $summary.ExitCode, $summary.Succeeded, $summary.Failed, $summary.OtherErrors | Should -Be 1, 1, 0, 1
        $summary.Error | Should -BeLike '*none.txt*'
        (Measure-FtpTransfer -ErrorRecord $errors).ExitCode | Should -Be 2
    }

    It 'counts a path that is not there, on either side' {
        (Receive-FtpItem "$at/none.txt" -Destination $here -ErrorAction SilentlyContinue | Measure-FtpTransfer).ExitCode | Should -Be 2
        (Receive-FtpItem "$at/a.txt", "$at/none.txt" -Destination $here -ErrorAction SilentlyContinue | Measure-FtpTransfer).ExitCode | Should -Be 1
        (Send-FtpItem "$here/none.txt" $at -ErrorAction SilentlyContinue | Measure-FtpTransfer).ExitCode | Should -Be 2
    }

    It 'counts what the commands of the pipeline write, and no error of before' {
        Get-FtpItem "$at/before.txt" -ErrorAction SilentlyContinue
        function Receive-Both { Receive-FtpItem "$at/none-1.txt", "$at/a.txt", "$at/none-2.txt" -Destination $here -ErrorAction SilentlyContinue }
        $summary = Receive-Both | ForEach-Object { Get-FtpItem "$at/ignored.txt" -ErrorAction Ignore; $_ } | Measure-FtpTransfer
        $summary.Succeeded, $summary.Failed, $summary.OtherErrors | Should -Be 1, 0, 2
        $summary.Error -split "`n" | Should -HaveCount 2
        $summary.Error | Should -BeLike '*none-1.txt*none-2.txt*'
        $results = Receive-FtpItem "$at/none.txt" -Destination $here -ErrorAction SilentlyContinue
        ($results | Measure-FtpTransfer).ExitCode | Should -Be 0
        (Receive-FtpItem "$at/none.txt" -Destination $here -ErrorAction Ignore | Measure-FtpTransfer).ExitCode | Should -Be 0
    }

    It 'does not count an error twice that a result tells of' {
        $results = Receive-FtpItem "$at/b.txt" -Destination "$here/dir" -ErrorAction SilentlyContinue -ErrorVariable errors
        $errors | Should -Not -BeNullOrEmpty
        $summary = $results | Measure-FtpTransfer -ErrorRecord $errors
        $summary.Failed, $summary.OtherErrors | Should -Be 1, 0
    }

    It 'takes nothing to do for success, unless a file is required' {
        (Receive-FtpItem "$at/*.none" -Destination $here | Measure-FtpTransfer).ExitCode | Should -Be 0
        (Receive-FtpItem "$at/*.none" -Destination $here | Measure-FtpTransfer -RequireFile).ExitCode | Should -Be 3
    }

    It 'takes results that were written to a file' {
        $file = Join-Path $TestDrive 'results.csv'
        Receive-FtpItem "$at/*.txt" -Destination $here | Export-Csv $file -NoTypeInformation
        $summary = Import-Csv $file | Measure-FtpTransfer
        $summary.Succeeded, $summary.Length | Should -Be 3, 15
    }
}
