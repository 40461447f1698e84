namespace DevOps.Registry.Server.Tests.Faults.Matrix;

public sealed class MirrorFaultTests(MatrixSource source) : IClassFixture<MatrixSource>
{
    private static readonly MatrixOperation[] Operations = [MatrixOperation.MirrorFrom, MatrixOperation.MirrorTo];

    public static TheoryData<string, string, string, bool> Cases { get; } = FaultMatrix.Of(Operations);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Mirror(string operation, string request, string fault, bool once) => FaultMatrix.CheckAsync(source, Operations.Single(known => known.Name == operation), request, fault, once);
}
