# What `build.ps1 Package` has made of the module, as a user gets it: published to a repository, installed from there in a
# process that knows nothing of this folder, and used.

BeforeDiscovery {
    $without = @{ Skip = $PSEdition -eq 'Desktop'; Reason = 'Windows PowerShell has no Install-PSResource of its own.' }
}

BeforeAll {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path
    $shell = Get-PowerShellPath
    $out = Join-Path $root 'out'
    $folder = Join-Path $out 'package/FtpTools'
    if (-not (Test-Path $folder)) { throw 'There is no package. Make it first: ./build.ps1 Package' }
    $data = Import-PowerShellDataFile (Join-Path $folder 'FtpTools.psd1')
    $version = @($data.ModuleVersion; $data.PrivateData.PSData['Prerelease']) -join '-' -replace '-$'
    $nupkg = Join-Path $out "FtpTools.$version.nupkg"
    $zip = Join-Path $out "FtpTools-$version.zip"

    # The names in a zip file and the content of each.
    function Read-Zip([string] $Path) {
        Add-Type -AssemblyName System.IO.Compression, System.IO.Compression.FileSystem
        $archive = [IO.Compression.ZipFile]::OpenRead($Path)
        try {
            foreach ($entry in $archive.Entries) {
                $reader = [IO.StreamReader]::new($entry.Open())
                try { [pscustomobject]@{ Name = $entry.FullName; Text = $reader.ReadToEnd() } }
                finally { $reader.Dispose() }
            }
        }
        finally { $archive.Dispose() }
    }

    function Read-Nuspec([string] $Path) { ([xml](Read-Zip $Path | Where-Object Name -like '*.nuspec').Text).package.metadata }

    function Get-FileName([string] $Folder) {
        Get-ChildItem $Folder -Recurse -File | ForEach-Object { [IO.Path]::GetRelativePath($Folder, $_.FullName).Replace('\', '/') } | Sort-Object
    }

    $userHome = Join-Path $TestDrive 'home'
    $name = "FtpTools-$([Guid]::NewGuid().ToString('N'))"
    # Without .config NuGet would keep its own in the current folder.
    $null = New-Item -ItemType Directory (Join-Path $userHome '.config'), (Join-Path $TestDrive 'repository')

    # Runs a script in a PowerShell whose user has a home of its own, with neither repositories nor modules; gives back what
    # it writes, a value from JSON.
    function Invoke-Stranger([string] $Script, [hashtable] $With = @{}) {
        $file = Join-Path $TestDrive 'stranger.ps1'
        [IO.File]::WriteAllText($file, "param(`$with)`n`$with = ConvertFrom-Json `$with`n`$ErrorActionPreference = 'Stop'`n`$ProgressPreference = 'SilentlyContinue'`n$Script")
        $start = [Diagnostics.ProcessStartInfo]::new($shell)
        '-NoProfile', '-NonInteractive', '-File', $file, (ConvertTo-Json $With -Compress) | ForEach-Object { $start.ArgumentList.Add($_) }
        $start.WorkingDirectory = $userHome
        $start.Environment['HOME'] = $userHome
        'XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME' | ForEach-Object { $null = $start.Environment.Remove($_) }
        # Windows finds a user's folders without the environment: there modules are saved to a folder that this names.
        $start.Environment['PSModulePath'] = $modules
        $start.RedirectStandardOutput = $true
        $start.RedirectStandardError = $true
        $process = [Diagnostics.Process]::Start($start)
        $errors = $process.StandardError.ReadToEndAsync()
        $output = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        if ($process.ExitCode) { throw "The process ended with code $($process.ExitCode): $($errors.Result)" }
        [pscustomobject]@{ Value = if ($output.Trim()) { $output | ConvertFrom-Json }; Errors = $errors.Result }
    }
    $modules = if ($IsWindows) { Join-Path $userHome 'Modules' } else { Join-Path $userHome '.local/share/powershell/Modules' }
}

Describe 'The package' -Tag NotOnWine -ForEach $without -Skip:$without.Skip {
    It 'has all of the module and what makes it a package' {
        Read-Zip $nupkg | ForEach-Object Name | Sort-Object |
            Should -Be (@(Get-FileName $folder) + '[Content_Types].xml', '_rels/.rels', 'FtpTools.nuspec' | Sort-Object)
        Read-Zip $zip | ForEach-Object Name | Sort-Object | Should -Be @(Get-FileName $folder | ForEach-Object { "FtpTools/$_" } | Sort-Object)
    }

    It 'has the module that was built, and nothing more than that compiled ahead' {
        $built = Join-Path $out 'FtpTools'
        $more = Get-FileName $folder | Where-Object { $_ -notin @(Get-FileName $built) }
        $more | Should -Be @('linux-x64', 'win-x64' | ForEach-Object { "bin/net10.0/$_/FtpTools.Client.dll", "bin/net10.0/$_/FtpTools.dll" })
        foreach ($file in Get-FileName $built) {
            (Get-FileHash (Join-Path $folder $file)).Hash | Should -Be (Get-FileHash (Join-Path $built $file)).Hash -Because $file
        }
    }

    It 'says what Compress-PSResource would say of the module, and names the icon' {
        Skip-Test -If (-not (Get-Command Compress-PSResource -ErrorAction Ignore)) -Because 'PowerShell before 7.5 brings no Compress-PSResource'
        $theirs = Join-Path $TestDrive 'theirs'
        $null = New-Item -ItemType Directory $theirs
        Compress-PSResource $folder -DestinationPath $theirs
        $expected = Read-Nuspec (Join-Path $theirs "FtpTools.$version.nupkg")
        $actual = Read-Nuspec $nupkg
        $fields = $expected.ChildNodes | ForEach-Object LocalName
        $actual.ChildNodes | ForEach-Object LocalName | Sort-Object | Should -Be @(@($fields) + 'icon' | Sort-Object)
        foreach ($field in $fields) { $actual.$field | Should -Be $expected.$field }
        Read-Zip $nupkg | ForEach-Object Name | Should -Contain $actual.icon
    }

    It 'is byte for byte the same when it is made again' {
        $again = Join-Path $TestDrive 'again'
        $null = New-Item -ItemType Directory $again
        & (Join-Path $root 'src/Export-Package.ps1') -ModulePath $folder -OutputPath $again
        foreach ($file in $nupkg, $zip) { (Get-FileHash (Join-Path $again (Split-Path $file -Leaf))).Hash | Should -Be (Get-FileHash $file).Hash }
    }
}

Describe 'The installed package' -Tag NotOnWine -ForEach $without -Skip:$without.Skip {
    BeforeAll {
        $installed = (Invoke-Stranger -With @{ Name = $name; Uri = (Join-Path $TestDrive 'repository'); Package = $nupkg; Modules = $modules } @'
Register-PSResourceRepository $with.Name -Uri $with.Uri -Trusted
try {
    Publish-PSResource -NupkgPath $with.Package -Repository $with.Name
    $package = @{ Name = 'FtpTools'; Repository = $with.Name; Prerelease = $true }
    if ($IsWindows) {
        $null = New-Item -ItemType Directory $with.Modules -Force
        Save-PSResource @package -Path $with.Modules
    }
    else { Install-PSResource @package }
}
finally { Unregister-PSResourceRepository $with.Name }
Get-ChildItem $with.Modules -Recurse -Filter FtpTools.psd1 | ForEach-Object DirectoryName | ConvertTo-Json
'@).Value

        $server = Start-TestServer embedded
        $there = New-TestFolder $server
        $here = Join-Path $TestDrive 'here'
        $null = New-TestData (Join-Path $here 'sent.bin') 1MB
        $run = Invoke-Stranger -With @{
            Server = $server.Host; Port = $server.Port; User = $server.Credential.UserName
            Password = $server.Credential.GetNetworkCredential().Password; Remote = $there.Remote; Local = $here
        } @'
Set-Location $with.Local
Import-Module FtpTools
$credential = [pscredential]::new($with.User, (ConvertTo-SecureString $with.Password -AsPlainText -Force))
$session = Connect-Ftp $with.Server -Port $with.Port -Credential $credential -Tls None -LogLevel Debug
$sent = Send-FtpItem sent.bin "$($with.Remote)/"
$listed = Get-FtpChildItem $with.Remote
$received = $listed | Receive-FtpItem -Destination received.bin
$result = [ordered]@{
    Base     = (Get-Module FtpTools).ModuleBase
    Version  = @((Get-Module FtpTools).Version.ToString(); (Get-Module FtpTools).PrivateData.PSData['Prerelease']) -join '-' -replace '-$'
    Assembly = $session.GetType().Assembly.Location
    Names    = @($listed.Name)
    Status   = @("$($sent.Status)", "$($received.Status)")
    Hashes   = @((Get-FileHash sent.bin, received.bin).Hash)
}
Disconnect-Ftp
$result.Sessions = @(Get-FtpSession).Count
ConvertTo-Json $result
'@
    }

    It 'is found where a user has modules, and by its name alone' {
        $installed | Should -BeLike "$modules*"
        $run.Value.Base | Should -Be $installed
        $run.Value.Version | Should -Be $version
    }

    It 'connects, sends, lists, receives what was sent, and disconnects' {
        $run.Value.Status | Should -Be @('Succeeded', 'Succeeded')
        $run.Value.Names | Should -Be @('sent.bin')
        $run.Value.Hashes[1] | Should -Be $run.Value.Hashes[0]
        $run.Value.Hashes[0] | Should -Be (Get-FileHash (Join-Path $here 'sent.bin')).Hash
        $run.Value.Sessions | Should -Be 0
        (Get-FileHash (Join-Path $there.Local 'sent.bin')).Hash | Should -Be $run.Value.Hashes[0]
    }

    It 'runs what was compiled ahead for this system, where that is in it' {
        $target = 'net8.0'
        if ([Environment]::Version.Major -ge 10 -and [Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture -eq 'X64' -and -not $IsMacOS) {
            $target = 'net10.0/{0}-x64' -f $(if ($IsWindows) { 'win' } else { 'linux' })
        }
        $run.Value.Assembly | Should -Be (Join-Path $installed "bin/$target/FtpTools.Client.dll")
    }

    It 'finds its console log from there' {
        $run.Errors | Should -Match 'STOR '
    }
}
