BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Remove-FtpItem, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            $null = Connect-TestServer $ftp @{ MaxConnection = 1 }
        }

        BeforeEach {
            $null = New-TestFile (Join-Path $folder.Local 'a.txt')
            $null = New-TestFile (Join-Path $folder.Local '.hidden')
            $null = New-TestFile (Join-Path $folder.Local $oddName)
            $null = New-TestFile (Join-Path $folder.Local 'sub/c.csv')
            $null = New-TestFile (Join-Path $folder.Local "sub/deep/$oddName")
            $null = New-Item (Join-Path $folder.Local 'empty') -ItemType Directory -Force
            Grant-TestFolder $ftp
        }

        AfterAll { Disconnect-Ftp -All }

        It 'deletes a file and emits nothing' {
            Remove-FtpItem "$at/a.txt" -Confirm:$false | Should -BeNullOrEmpty
            Test-Path (Join-Path $folder.Local 'a.txt') | Should -BeFalse
        }

        It 'deletes an empty directory' {
            Remove-FtpItem "$at/empty" -Confirm:$false
            Test-Path (Join-Path $folder.Local 'empty') | Should -BeFalse
        }

        It 'deletes by wildcard, hidden names with -Force alone' {
            Remove-FtpItem "$at/*.*" -Confirm:$false
            Get-ChildItem $folder.Local -File -Force | ForEach-Object Name | Sort-Object | Should -Be @('.hidden', $oddName)
            Remove-FtpItem "$at/*hid*" -Force -Confirm:$false
            Test-Path (Join-Path $folder.Local '.hidden') | Should -BeFalse
        }

        It 'deletes a name with brackets by -LiteralPath' {
            "$(Get-ExpectedError { Remove-FtpItem "$at/$oddName" -Confirm:$false })" | Should -BeLike '*-LiteralPath.'
            Remove-FtpItem -LiteralPath "$at/$oddName" -Confirm:$false
            Test-Path -LiteralPath (Join-Path $folder.Local $oddName) | Should -BeFalse
        }

        It 'refuses a directory that is not empty, without a question, and deletes it with -Recurse' {
            $failure = Get-ExpectedError { Remove-FtpItem "$at/sub" -Confirm:$false }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpCommandRefused,FtpTools.Commands.RemoveFtpItemCommand'
            $failure.Exception.Message | Should -BeLike '*-Recurse*'
            $failure.TargetObject | Should -Be "$at/sub"
            Remove-FtpItem "$at/sub" -Recurse -Confirm:$false
            Test-Path (Join-Path $folder.Local 'sub') | Should -BeFalse
        }

        It 'deletes what the pipeline brings, on one connection' {
            Get-FtpChildItem $at -Force | Remove-FtpItem -Recurse -Confirm:$false
            Get-ChildItem $folder.Local -Force | Should -BeNullOrEmpty
        }

        It 'deletes a link and not what it leads to' {
            Skip-Test -If ($Name -eq 'embedded') -Because 'the embedded server shows no links'
            $link = Join-Path $folder.Local 'link'
            $null = New-Item $link -ItemType SymbolicLink -Target sub
            try {
                Remove-FtpItem "$at/link" -Recurse -Confirm:$false
                Test-Path $link | Should -BeFalse
                Test-Path (Join-Path $folder.Local 'sub/c.csv') | Should -BeTrue
            }
            finally { if (Test-Path $link) { Remove-Item $link } }
        }

        It 'writes FtpPathNotFound for what is not there, and goes on' {
            Remove-FtpItem "$at/none", "$at/a.txt" -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable failures
            $failures.FullyQualifiedErrorId | Should -Be 'FtpPathNotFound,FtpTools.Commands.RemoveFtpItemCommand'
            Test-Path (Join-Path $folder.Local 'a.txt') | Should -BeFalse
        }

        It 'deletes nothing with -WhatIf' {
            Remove-FtpItem "$at/*" -Force -Recurse -WhatIf
            Get-ChildItem $folder.Local -Force | Should -HaveCount 5
        }

        It 'asks before it deletes' {
            $shell = [PowerShell]::Create()
            try {
                # Its host cannot ask, so that the question becomes an error.
                $null = $shell.AddScript({ param($manifest, $session, $path) Import-Module $manifest; Remove-FtpItem $path -Session $session }).
                    AddArgument($manifest).AddArgument((Get-FtpSession -Current)).AddArgument("$at/a.txt")
                $shell.Invoke() | Should -BeNullOrEmpty
                "$($shell.Streams.Error)" | Should -BeLike "*Are you sure*$at/a.txt*"
                Test-Path (Join-Path $folder.Local 'a.txt') | Should -BeTrue
            }
            finally { $shell.Dispose() }
        }
    }
}
