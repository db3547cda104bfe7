BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Test-FtpPath, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            $null = New-TestFile (Join-Path $folder.Local $oddName)
            $null = New-TestFile (Join-Path $folder.Local 'sub/c.csv')
            Grant-TestFolder $ftp
            $null = Connect-TestServer $ftp
        }

        AfterAll { Disconnect-Ftp -All }

        It 'says <Answer> for <Path> as <PathType>' -ForEach @(
            @{ Path = 'sub'; PathType = 'Any'; Answer = $true }
            @{ Path = 'sub'; PathType = 'Container'; Answer = $true }
            @{ Path = 'sub'; PathType = 'Leaf'; Answer = $false }
            @{ Path = 'sub/c.csv'; PathType = 'Any'; Answer = $true }
            @{ Path = 'sub/c.csv'; PathType = 'Container'; Answer = $false }
            @{ Path = 'sub/c.csv'; PathType = 'Leaf'; Answer = $true }
            @{ Path = 'none'; PathType = 'Any'; Answer = $false }
            @{ Path = 'none/none'; PathType = 'Any'; Answer = $false }
            @{ Path = 'none/*'; PathType = 'Any'; Answer = $false }
            @{ Path = 's*/*.csv'; PathType = 'Any'; Answer = $true }
            @{ Path = 's*/*.csv'; PathType = 'Container'; Answer = $false }
        ) {
            $found = Test-FtpPath "$at/$Path" -PathType $PathType
            $found | Should -BeOfType bool
            $found | Should -Be $Answer
        }

        It 'takes a name with brackets literally' {
            Test-FtpPath "$at/$oddName" | Should -BeFalse
            Test-FtpPath -LiteralPath "$at/$oddName" | Should -BeTrue
        }

        It 'answers for each path of the pipeline' {
            "$at/sub", "$at/none" | Test-FtpPath | Should -Be @($true, $false)
            Get-FtpChildItem $at | Test-FtpPath | Should -Be @($true, $true)
        }

        It 'takes a link to a directory for a container' {
            Skip-Test -If ($Name -eq 'embedded') -Because 'the embedded server shows no links'
            $link = Join-Path $folder.Local 'link'
            $null = New-Item $link -ItemType SymbolicLink -Target sub
            try { Test-FtpPath "$at/link" -PathType Container | Should -BeTrue }
            finally { Remove-Item $link }
        }
    }
}
