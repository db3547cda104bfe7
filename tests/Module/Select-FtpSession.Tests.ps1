BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer | Where-Object Name -EQ 'embedded'
}

foreach ($server in $servers) {
    Describe 'Select-FtpSession' -ForEach $server -Skip:$server.Skip {
        BeforeAll { $ftp = Start-TestServer $Name }

        BeforeEach {
            $first = Connect-TestServer $ftp @{ Name = 'first' }
            $second = Connect-TestServer $ftp @{ Name = 'second [x]' }
        }

        AfterEach { Disconnect-Ftp -All }

        It 'makes a session current and emits it: <_>' -ForEach 'object', 'name', 'id', 'pipeline', '-Name' {
            Get-FtpSession -Current | Should -Be $second
            $chosen = switch ($_) {
                'object' { Select-FtpSession $first }
                'name' { Select-FtpSession FIRST }
                'id' { Select-FtpSession $first.Id }
                'pipeline' { Get-FtpSession first | Select-FtpSession }
                '-Name' { Select-FtpSession -Name first }
            }
            $chosen | Should -Be $first
            Get-FtpSession -Current | Should -Be $first
            $first.IsCurrent | Should -BeTrue
            $second.IsCurrent | Should -BeFalse
            (Select-FtpSession -Name 'second [x]') | Should -Be $second
            $first.IsCurrent | Should -BeFalse
        }

        It 'is what Disconnect-Ftp falls back from to the one that was current before' {
            $third = Connect-TestServer $ftp @{ Name = 'third' }
            $null = Select-FtpSession first
            Disconnect-Ftp
            Get-FtpSession -Current | Should -Be $third
        }

        It 'leaves none current where it chose none: <Script>' -ForEach @(
            @{ Script = { Select-FtpSession -Name third }; Id = 'FtpNoSession,FtpTools.Commands.SelectFtpSessionCommand' }
            @{ Script = { Select-FtpSession third }; Id = 'ParameterArgumentTransformationError,FtpTools.Commands.SelectFtpSessionCommand' }
            @{ Script = { Disconnect-Ftp $first; $first | Select-FtpSession }; Id = 'FtpSessionClosed,FtpTools.Commands.SelectFtpSessionCommand' }
        ) {
            (Get-ExpectedError $Script).FullyQualifiedErrorId | Should -Be $Id
            Get-FtpSession -Current | Should -BeNullOrEmpty
            (Get-ExpectedError { Get-FtpItem / }).FullyQualifiedErrorId | Should -BeLike 'FtpNoSession,*'
            (Select-FtpSession -Name 'second [x]').IsCurrent | Should -BeTrue
        }

        It 'takes the session of another runspace, which stays that one''s own' {
            $shell = [PowerShell]::Create()
            try {
                $null = $shell.AddScript({
                    param($manifest, $session)
                    Import-Module $manifest
                    $null = Select-FtpSession $session
                    "$(Get-FtpSession -Current) $($session.IsCurrent) $((Get-FtpItem /).Server) $(@(Get-FtpSession).Count)"
                }).AddArgument($manifest).AddArgument($first)
                $shell.Invoke() | Should -Be "first True $($ftp.Host):$($ftp.Port) 0"
            }
            finally { $shell.Dispose() }
            $first.State | Should -Be 'Opened'
            Get-FtpSession -Current | Should -Be $second
        }

        It 'shows which one is current, in a table and to a script' {
            $table = Get-FtpSession | Format-Table | Out-String -Width 120
            $table | Should -Match "(?m)^ +$($first.Id) first "
            $table | Should -Match "(?m)^ *\*$($second.Id) second "
            # No heading is broken in a window of 80 columns.
            Get-FtpSession | Format-Table | Out-String -Width 80 | Should -Match '(?m) Location\s*$'
            Get-FtpSession | Where-Object IsCurrent | Should -Be $second
            ($first | Select-Object Name, Server, IsCurrent | ConvertTo-Json -Compress) | Should -Be "{`"Name`":`"first`",`"Server`":`"$($ftp.Host):$($ftp.Port)`",`"IsCurrent`":false}"
        }
    }
}
