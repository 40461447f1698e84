using DevOps.Content;

namespace DevOps.Registry.Server.Tests.Faults.Matrix;

/// <summary>Everything that can go wrong, with every request of an operation: it ends as the table says, and nothing at the receiver lies afterwards.</summary>
internal static class FaultMatrix
{
    private static readonly Lazy<Dictionary<(string Row, bool Once), string>> Expected = new(ReadTable);

    /// <summary>Returns the cases of operations: operation, request, fault, and whether it happens once or always.</summary>
    internal static TheoryData<string, string, string, bool> Of(params MatrixOperation[] operations)
    {
        TheoryData<string, string, string, bool> cases = [];
        foreach (MatrixOperation operation in operations)
        {
            foreach (MatrixRequest request in operation.Requests)
            {
                foreach (MatrixFault fault in MatrixFault.All.Where(fault => fault.Fits(request)))
                {
                    if (fault.IsExactOnce)
                    {
                        cases.Add(operation.Name, request.ToString(), fault.Name, true);
                    }

                    cases.Add(operation.Name, request.ToString(), fault.Name, false);
                }
            }
        }

        return cases;
    }

    internal static async Task CheckAsync(MatrixSource source, MatrixOperation operation, string requestName, string faultName, bool once)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        MatrixRequest request = operation.Requests.Single(request => request.ToString() == requestName);
        MatrixFault column = MatrixFault.All.Single(fault => fault.Name == faultName);
        await using MatrixWorld world = await MatrixWorld.StartAsync(source, operation, cancellation);
        RegistryFaults faults = world.FaultsOf(operation);
        if (request.Kind != RegistryRequestKind.Token)
        {
            await world.LogInAsync(cancellation);
        }

        if (request.IsAfterBreak)
        {
            faults.Add(request.IsGet ? Fault.Drop(50).On(RegistryRequestKind.Blob).Once() : Fault.DropRequest(1000).On(HttpMethod.Patch).From(2).Once());
        }

        Fault fault = request.On(column.Create(world));
        InjectedFault injected = faults.Add(once ? fault.Once() : fault);
        Exception? error = await world.RunAsync(operation, cancellation);

        string outcome = error is null ? "well" : Describe(error);
        Assert.DoesNotContain(MatrixWorld.Password, error?.ToString() ?? "", StringComparison.Ordinal);
        Assert.True(injected.HitCount > 0, "The operation never sends such a request.");
        await world.AuditAsync(operation, error is null, cancellation);
        string row = $"{operation.Name} | {requestName} | {faultName}";
        string expected = Expected.Value.GetValueOrDefault((row, once), "not in FaultMatrix.txt");
        Assert.True(expected.Split(" or ").Contains(outcome), $"{row} | {(once ? "once" : "always")} | {outcome}, not {expected}");
    }

    // The table says why some have two outcomes.
    // Each line: operation | request | fault | what becomes of it when it happens once | and when it always happens.
    private static Dictionary<(string Row, bool Once), string> ReadTable()
    {
        Dictionary<(string, bool), string> table = [];
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "FaultMatrix.txt")).Where(line => line.Contains('|', StringComparison.Ordinal)))
        {
            string[] cells = line.Split(" | ");
            table.Add((string.Join(" | ", cells[..3]), true), cells[3]);
            table.Add((string.Join(" | ", cells[..3]), false), cells[4]);
        }

        return table;
    }

    private static string Describe(Exception error) => error switch
    {
        ContentCopyException { InnerException: { } cause } copy => $"{copy.Side}: {Describe(cause)}",
        RegistryException registry => registry.StatusCode is { } status ? $"RegistryException {(int)status}" : nameof(RegistryException),
        DevOpsException => error.GetType().Name,
        _ => throw new InvalidOperationException("An error that no caller is told of.", error),
    };
}
