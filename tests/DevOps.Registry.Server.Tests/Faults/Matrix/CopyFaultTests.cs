namespace DevOps.Registry.Server.Tests.Faults.Matrix;

public sealed class CopyFaultTests(MatrixSource source) : IClassFixture<MatrixSource>
{
    private static readonly MatrixOperation[] Operations = [MatrixOperation.CopyFrom, MatrixOperation.CopyTo, MatrixOperation.MountFrom];

    public static TheoryData<string, string, string, bool> Cases { get; } = FaultMatrix.Of(Operations);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Copy(string operation, string request, string fault, bool once) => FaultMatrix.CheckAsync(source, Operations.Single(known => known.Name == operation), request, fault, once);
}
