using System;
using System.IO;
using System.Reflection;
using System.Runtime.Versioning;
using Xunit;

namespace FtpTools.Tests;

/// <summary>That the assembly under test is the one that it is said to be.</summary>
public sealed class EngineTests
{
    [Fact]
    public void The_engine_was_compiled_for_the_target_that_is_to_be_tested() =>
        Assert.StartsWith(Engine.Framework, typeof(FtpSession).Assembly.GetCustomAttribute<TargetFrameworkAttribute>()!.FrameworkName, StringComparison.Ordinal);

    [Fact]
    public void Processes_that_tests_start_find_the_same_engine() =>
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "FtpTools.Client.dll"), typeof(FtpSession).Assembly.Location);
}
