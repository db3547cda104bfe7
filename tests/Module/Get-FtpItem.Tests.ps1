BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Get-FtpItem, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            $null = New-TestFile (Join-Path $folder.Local 'a.txt') 'one'
            $null = New-TestFile (Join-Path $folder.Local '.hidden') 'two'
            $null = New-TestFile (Join-Path $folder.Local $oddName) 'three'
            $null = New-TestFile (Join-Path $folder.Local 'sub/c.csv') 'four'
            $null = New-TestFile (Join-Path $folder.Local 'sob/c.csv') 'five'
            Grant-TestFolder $ftp
            $session = Connect-TestServer $ftp
        }

        AfterAll { Disconnect-Ftp -All }

        It 'gets a file with all that a script wants to know' {
            $item = Get-FtpItem "$at/a.txt"
            $item | Should -BeOfType FtpTools.FtpItem
            $item.Name | Should -BeExactly 'a.txt'
            $item.FullName | Should -BeExactly "$at/a.txt"
            $item.DirectoryName | Should -BeExactly $at
            $item.ItemType | Should -Be 'File'
            $item.Length | Should -Be 3
            $item.GetSession() | Should -Be $session
            [Math]::Abs(([datetime]::UtcNow - $item.LastWriteTimeUtc).TotalMinutes) | Should -BeLessThan 5
        }

        It 'gets a directory itself, and the root' {
            (Get-FtpItem $at).ItemType | Should -Be 'Directory'
            (Get-FtpItem "$at/").FullName | Should -BeExactly $at
            (Get-FtpItem /).FullName | Should -BeExactly '/'
        }

        It 'takes several paths, relative ones and strings from the pipeline' {
            (Get-FtpItem "$at/a.txt", "$at/sub").Name | Should -Be @('a.txt', 'sub')
            $relative = $at.Substring(1)
            ("$relative/a.txt", "$relative/../$relative/sub/." | Get-FtpItem).FullName | Should -Be @("$at/a.txt", "$at/sub")
        }

        It 'resolves wildcards in every part, and case counts' {
            (Get-FtpItem "$at/*").Name | Sort-Object | Should -Be @('a.txt', 'sob', $oddName, 'sub')
            (Get-FtpItem "$at/s?b/*.csv").FullName | Sort-Object | Should -Be @("$at/sob/c.csv", "$at/sub/c.csv")
            (Get-FtpItem "$at/s[au]b/c.csv").FullName | Should -Be "$at/sub/c.csv"
            Get-FtpItem "$at/A*" | Should -BeNullOrEmpty
            Get-FtpItem "$at/*.none" | Should -BeNullOrEmpty
        }

        It 'finds names that begin with a dot when asked to' {
            (Get-FtpItem "$at/.hidden").Length | Should -Be 3
            (Get-FtpItem "$at/.h*").Name | Should -Be '.hidden'
            (Get-FtpItem "$at/*" -Force).Name | Should -Contain '.hidden'
        }

        It 'takes a name with brackets literally, by -LiteralPath or with backticks' {
            "$(Get-ExpectedError { Get-FtpItem "$at/$oddName" })" | Should -BeLike '*-LiteralPath.'
            (Get-FtpItem -LiteralPath "$at/$oddName").Name | Should -BeExactly $oddName
            (Get-FtpItem ([WildcardPattern]::Escape("$at/$oddName"))).Length | Should -Be 5
        }

        It 'takes items and objects with a FullName from the pipeline, literally' {
            (Get-FtpItem "$at/sp*" | Get-FtpItem).Name | Should -BeExactly $oddName
            ([pscustomobject]@{ FullName = "$at/$oddName" } | Get-FtpItem).Length | Should -Be 5
        }

        It 'writes FtpPathNotFound for what is not there, and goes on' {
            $found = Get-FtpItem "$at/none", "$at/a.txt" -ErrorAction SilentlyContinue -ErrorVariable failures
            $found.Name | Should -Be 'a.txt'
            $failures[0].FullyQualifiedErrorId | Should -Be 'FtpPathNotFound,FtpTools.Commands.GetFtpItemCommand'
            $failures[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $failures[0].TargetObject | Should -Be "$at/none"
        }

        It 'writes FtpInvalidName for what is no pattern' {
            $failure = Get-ExpectedError { Get-FtpItem "$at/a[" }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.GetFtpItemCommand'
            $failure.TargetObject | Should -Be "$at/a["
        }

        It 'sends no second command that hides behind a line end, and the session goes on' {
            $failure = Get-ExpectedError { Get-FtpItem "$at/x`r`nDELE $at/a.txt" }
            $failure.FullyQualifiedErrorId | Should -BeIn 'FtpInvalidName,FtpTools.Commands.GetFtpItemCommand', 'FtpPathNotFound,FtpTools.Commands.GetFtpItemCommand'
            (Get-FtpItem "$at/a.txt").Length | Should -Be 3
        }
    }
}

Describe 'Get-FtpItem, without a session' {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestServer.psm1"
        Import-Module $manifest
    }

    It 'ends with FtpNoSession, which says what to do' {
        $failure = Get-ExpectedError { Get-FtpItem / }
        $failure.FullyQualifiedErrorId | Should -Be 'FtpNoSession,FtpTools.Commands.GetFtpItemCommand'
        $failure.Exception.Message | Should -BeLike '*Connect-Ftp*'
    }
}
