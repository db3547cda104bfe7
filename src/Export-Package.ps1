<#
.SYNOPSIS
Packs a folder of the module: FtpTools.<version>.nupkg, for Publish-PSResource and repositories, and FtpTools-<version>.zip,
to be unpacked where there is nothing to install packages with, as in Windows PowerShell 5.1.
.DESCRIPTION
The nuspec is what Compress-PSResource makes of the manifest, and the icon. It is written here because the same module is to
give the same bytes (Compress-PSResource puts times and a random name in), and because PowerShell 7.4 has no such cmdlet.
.PARAMETER ModulePath
The folder, with the manifest in it.
.PARAMETER OutputPath
The folder to put the package and the zip file in.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $ModulePath,
    [Parameter(Mandatory)] [string] $OutputPath
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.IO.Compression, System.IO.Compression.FileSystem
$ModulePath = (Resolve-Path -LiteralPath $ModulePath).ProviderPath
$OutputPath = (Resolve-Path -LiteralPath $OutputPath).ProviderPath
$utf8 = New-Object Text.UTF8Encoding $false

# Writes a zip file of names and contents, a byte array or a file each: in one order, with one time for all.
function Export-Zip([string] $Path, [hashtable] $Entries) {
    if (Test-Path -LiteralPath $Path) { Remove-Item -LiteralPath $Path }
    $archive = [IO.Compression.ZipFile]::Open($Path, 'Create')
    try {
        $names = [string[]]$Entries.Keys
        [Array]::Sort($names, [StringComparer]::Ordinal)
        foreach ($name in $names) {
            $entry = $archive.CreateEntry($name)
            $entry.LastWriteTime = [DateTimeOffset]::new(1980, 1, 1, 0, 0, 0, [TimeSpan]::Zero)
            $bytes = if ($Entries[$name] -is [byte[]]) { $Entries[$name] } else { [IO.File]::ReadAllBytes($Entries[$name]) }
            $content = $entry.Open()
            try { $content.Write($bytes, 0, $bytes.Length) }
            finally { $content.Dispose() }
        }
    }
    finally { $archive.Dispose() }
    Get-Item -LiteralPath $Path
}

# An XML document of a root element's text and what stands in it.
function ConvertTo-XmlByte([string] $Root, [string[]] $Lines) {
    $end = '</' + ($Root -replace '^<([^ >]+).*$', '$1') + '>'
    , $utf8.GetBytes((@('<?xml version="1.0" encoding="utf-8"?>', $Root) + $Lines + $end -join "`n") + "`n")
}

function Format-Element([string] $Name, [string] $Text) {
    if ($Text) { '    <{0}>{1}</{0}>' -f $Name, [Security.SecurityElement]::Escape($Text) }
}

$manifest = Import-PowerShellDataFile -LiteralPath (Join-Path $ModulePath 'FtpTools.psd1')
$data = $manifest.PrivateData.PSData
$version = $manifest.ModuleVersion
if ($data['Prerelease']) { $version += "-$($data.Prerelease)" }

$files = @{}
foreach ($file in Get-ChildItem -LiteralPath $ModulePath -Recurse -File) {
    $files[$file.FullName.Substring($ModulePath.Length + 1).Replace('\', '/')] = $file.FullName
}

$package = $files.Clone()
$package['FtpTools.nuspec'] = ConvertTo-XmlByte '<package xmlns="http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd">' @(
    '  <metadata>'
    Format-Element id 'FtpTools'
    Format-Element version $version
    Format-Element authors $manifest.Author
    Format-Element owners $manifest.CompanyName
    Format-Element requireLicenseAcceptance 'false'
    Format-Element description $manifest.Description
    Format-Element releaseNotes $data['ReleaseNotes']
    Format-Element copyright $manifest.Copyright
    Format-Element tags ((@('PSModule') + $data.Tags) -join ' ')
    Format-Element licenseUrl $data['LicenseUri']
    Format-Element projectUrl $data['ProjectUri']
    Format-Element iconUrl $data['IconUri']
    Format-Element icon 'icon.png'
    '  </metadata>'
)
$package['_rels/.rels'] = ConvertTo-XmlByte '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' @(
    '  <Relationship Type="http://schemas.microsoft.com/packaging/2010/07/manifest" Target="/FtpTools.nuspec" Id="R1" />'
)
$types = @($package.Keys | Where-Object { $_ -match '\.[^./]+$' } | ForEach-Object { $_ -replace '^.*\.' } | Sort-Object -Unique)
$package['[Content_Types].xml'] = ConvertTo-XmlByte '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' @(
    foreach ($type in $types) {
        $kind = if ($type -eq 'rels') { 'vnd.openxmlformats-package.relationships+xml' } else { 'octet' }
        '  <Default Extension="{0}" ContentType="application/{1}" />' -f $type, $kind
    }
    $package.Keys | Where-Object { $_ -notmatch '\.[^./]+$' } | Sort-Object | ForEach-Object {
        '  <Override PartName="/{0}" ContentType="application/octet" />' -f $_
    }
)
Export-Zip (Join-Path $OutputPath "FtpTools.$version.nupkg") $package

$folder = @{}
foreach ($name in $files.Keys) { $folder["FtpTools/$name"] = $files[$name] }
Export-Zip (Join-Path $OutputPath "FtpTools-$version.zip") $folder
