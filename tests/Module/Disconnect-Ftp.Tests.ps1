BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Disconnect-Ftp, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll { $ftp = Start-TestServer $Name }

        BeforeEach {
            $first = Connect-TestServer $ftp @{ Name = 'first' }
            $second = Connect-TestServer $ftp @{ Name = 'second' }
            $third = Connect-TestServer $ftp @{ Name = 'third' }
        }

        AfterEach { Disconnect-Ftp -All }

        It 'closes the current session, and the last connected of the others becomes current' {
            Disconnect-Ftp | Should -BeNullOrEmpty
            $third.State | Should -Be 'Closed'
            Get-FtpSession -Current | Should -Be $second
            Get-FtpItem / | Should -Not -BeNullOrEmpty
        }

        It 'closes the session that is given, as an object, by its name or by its id' {
            Disconnect-Ftp -Session $first
            Disconnect-Ftp second
            Disconnect-Ftp $third.Id
            $first.State, $second.State, $third.State | Should -Be @('Closed', 'Closed', 'Closed')
        }

        It 'closes sessions by wildcard, and from the pipeline' {
            Disconnect-Ftp -Name 's*'
            Get-FtpSession | Should -Be @($first, $third)
            Get-FtpSession | Disconnect-Ftp
            Get-FtpSession | Should -BeNullOrEmpty
        }

        It 'closes all, and is content when there are none' {
            Disconnect-Ftp -All
            Get-FtpSession | Should -BeNullOrEmpty
            Disconnect-Ftp -All
        }

        It 'changes nothing with -WhatIf' {
            Disconnect-Ftp -All -WhatIf
            Get-FtpSession | Should -HaveCount 3
        }

        It 'ends with FtpNoSession when there is none' {
            Disconnect-Ftp -All
            (Get-ExpectedError { Disconnect-Ftp }).FullyQualifiedErrorId | Should -Be 'FtpNoSession,FtpTools.Commands.DisconnectFtpCommand'
        }

        It 'leaves a session that says it is closed' {
            Disconnect-Ftp -Session $first
            $failure = Get-ExpectedError { Get-FtpItem / -Session $first }
            $failure.FullyQualifiedErrorId | Should -BeLike 'FtpSessionClosed,*'
            $failure = Get-ExpectedError { Get-FtpChildItem / -Session first }
            $failure.Exception.Message | Should -BeLike '*no open FTP session*first*'
        }
    }
}
