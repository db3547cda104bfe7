BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Tab completion, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            $null = New-TestFile (Join-Path $folder.Local 'alpha.txt')
            $null = New-TestFile (Join-Path $folder.Local 'alpine/inner.txt')
            $null = New-TestFile (Join-Path $folder.Local 'it''s')
            $null = New-TestFile (Join-Path $folder.Local '.dot')
            $null = New-TestFile (Join-Path $folder.Local $oddName)
            Grant-TestFolder $ftp
            $null = Connect-TestServer $ftp @{ Name = 'the first' }
            $null = Connect-TestServer $ftp @{ Name = 'second' }

            function Get-Completion([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
        }

        AfterAll { Disconnect-Ftp -All }

        It 'completes remote paths, directories with a slash' {
            Get-Completion "Get-FtpChildItem $at/al" | Should -Be @("$at/alpha.txt", "$at/alpine/")
            Get-Completion "Get-FtpItem -Path $at/AL" | Should -Be @("$at/alpha.txt", "$at/alpine/")
            Get-Completion "Receive-FtpItem $at/alpine/" | Should -Be "$at/alpine/inner.txt"
            Get-Completion "Send-FtpItem x -Destination $at/alpi" | Should -Be "$at/alpine/"
            Get-Completion "Test-FtpPath $at/.d" | Should -Be "$at/.dot"
            Get-Completion "Remove-FtpItem $($at.Substring(1))/alpi" | Should -Be "$($at.Substring(1))/alpine/"
        }

        It 'completes paths and encodings of what reads, writes and copies files' {
            foreach ($start in 'Get-FtpContent', 'Set-FtpContent', 'Add-FtpContent', 'Get-FtpFileHash', 'Copy-FtpItem', 'Copy-FtpItem x') {
                Get-Completion "$start $at/alpi" | Should -Be "$at/alpine/"
            }
            Get-Completion 'Get-FtpContent x -Encoding utf8' | Should -Be @('utf8', 'utf8BOM', 'utf8NoBOM')
            Get-Completion 'Get-FtpFileHash x -Algorithm SHA5' | Should -Be 'SHA512'
        }

        It 'looks for a destination on the session that it is on' {
            $other = Start-TestServer embedded
            $there = New-TestFolder $other
            $null = New-TestFile (Join-Path $there.Local 'elsewhere/x.txt')
            $session = Connect-TestServer $other @{ Name = 'other' }
            try {
                $null = Select-FtpSession second
                Get-Completion "Copy-FtpItem x -DestinationSession other -Destination $($there.Remote)/else" | Should -Be "$($there.Remote)/elsewhere/"
            }
            finally { Disconnect-Ftp -Session $session }
        }

        It 'quotes a name that needs it, and goes on inside quotes' {
            Get-Completion "Get-FtpItem $at/it" | Should -Be "'$at/it''s'"
            Get-Completion "Get-FtpItem -LiteralPath $at/sp" | Should -Be "'$at/$oddName'"
            Get-Completion "Get-FtpItem -LiteralPath '$at/sp ac" | Should -Be "'$at/$oddName'"
        }

        It 'completes to what finds the item, brackets and all' {
            $completion = Get-Completion "Get-FtpItem $at/sp"
            (Invoke-Expression "Get-FtpItem $completion").Name | Should -BeExactly $oddName
        }

        It 'looks on the session that the line names' {
            Get-Completion "Get-FtpItem -Session second $at/alpi" | Should -Be "$at/alpine/"
        }

        It 'offers no local files where nothing remote fits' {
            Get-Completion "Get-FtpItem $at/none" | Should -Be "$at/none"
            Get-Completion 'Get-FtpItem -Session missing ' | Should -Be '.'
        }

        It 'completes addresses of open sessions, and nothing behind a wildcard' {
            $address = "ftp://$($ftp.Host):$($ftp.Port)"
            Get-Completion "Get-FtpItem $address$at/al" | Should -Be @("$address$at/alpha.txt", "$address$at/alpine/")
            $completion = Get-Completion "Get-FtpItem $address$at/sp"
            (Invoke-Expression "Get-FtpItem $completion").Name | Should -BeExactly $oddName
            Get-Completion "Get-FtpItem ftp://$($ftp.Host):1$at/al" | Should -Be "ftp://$($ftp.Host):1$at/al"
            Get-Completion "Get-FtpItem $address" | Should -Be $address
            Get-Completion "Get-FtpItem http://example.com/al" | Should -Be 'http://example.com/al'
            Get-Completion "Get-FtpItem $at/al*/inn" | Should -Be "$at/al*/inn"
        }

        It 'offers no local files for new names and permissions' {
            Get-Completion "Rename-FtpItem $at/alpha.txt -NewName " | Should -Be 'alpha.txt'
            Get-Completion "Rename-FtpItem $at/alpha.txt -NewName be" | Should -Be 'be'
            Get-Completion "Set-FtpItemProperty $at/alpha.txt -Permission 64" | Should -Be @('644', '640')
            Get-Completion "Set-FtpItemProperty $at/alpha.txt -Permission q" | Should -Be 'q'
        }

        It 'completes session names' {
            Get-Completion 'Get-FtpItem / -Session ' | Should -Be @("'the first'", 'second')
            Get-Completion 'Disconnect-Ftp -Name s' | Should -Be 'second'
        }

        It 'completes modes, types and encodings' {
            Get-Completion 'Set-FtpMode -TransferType A' | Should -Be 'Ascii'
            Get-Completion 'Connect-Ftp x -Mode ep' | Sort-Object | Should -Be @('Eprt', 'Epsv')
            Get-Completion 'Connect-Ftp x -Encoding windows-125' | Should -Be @('windows-1250', 'windows-1251', 'windows-1252')
        }
    }
}
