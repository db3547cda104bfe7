using System.Collections.Generic;
using System.Reflection;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("FtpTools.Tests.NamedTestFramework", "FtpTools.Client.Tests.NetStandard")]

namespace FtpTools.Tests;

/// <summary>Puts the engine's target before the name of each test, for the results of two engines stand in one report.</summary>
public sealed class NamedTestFramework(IMessageSink messageSink) : XunitTestFramework(messageSink)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assembly, ISourceInformationProvider sources, IMessageSink messageSink)
        : XunitTestFrameworkExecutor(assembly, sources, messageSink)
    {
        // xunit lets classes that derive from a case alone set the name.
        private static readonly PropertyInfo _displayName = typeof(TestMethodTestCase).GetProperty(nameof(TestMethodTestCase.DisplayName))!;

        protected override void RunTestCases(IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
        {
            foreach (var one in testCases)
                _displayName.SetValue(one, $"{Engine.Target}: {one.DisplayName}");
            base.RunTestCases(testCases, executionMessageSink, executionOptions);
        }
    }
}
