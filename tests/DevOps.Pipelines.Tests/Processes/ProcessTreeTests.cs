using System.Text;

namespace DevOps.Pipelines.Tests;

public sealed class ProcessTreeTests
{
    [Theory] // Expected: Linux man-pages, proc_pid_stat(5): state is field 3, the parent 4, the start time 22; the name may hold anything.
    [InlineData("7 (sh) S 5 7 7 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 9012 2 3", 5, 9012ul)]
    [InlineData("7 (a) R (b) 1 2) D 6 7 7 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 18446744073709551615 2 3\n", 6, ulong.MaxValue)]
    public void Parse_Process_HasItsParentAndStart(string line, int parent, ulong start) =>
        Assert.Equal(new LinuxProcess(7, parent, start), LinuxProcess.Parse(7, line));

    [Theory]
    [InlineData("7 (sh) Z 5 7 7 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 9012 2 3")]
    [InlineData("7 (sh) S 5 7")]
    [InlineData("7 (sh) S x 7 7 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 9012 2 3")]
    [InlineData("")]
    [InlineData("nothing")]
    public void Parse_EndedOrDamaged_IsNone(string line) => Assert.Null(LinuxProcess.Parse(7, line));

    [Theory]
    [InlineData("A=1\0DEVOPS_PROCESS_COOKIE=x\0", true)]
    [InlineData("DEVOPS_PROCESS_COOKIE=outer,x", true)]
    [InlineData("DEVOPS_PROCESS_COOKIE=x,inner\0B=2\0", true)]
    [InlineData("DEVOPS_PROCESS_COOKIE=xx\0", false)]
    [InlineData("MY_DEVOPS_PROCESS_COOKIE=x\0", false)]
    [InlineData("A=DEVOPS_PROCESS_COOKIE=x\0", false)]
    [InlineData("DEVOPS_PROCESS_COOKIE\0", false)]
    [InlineData("", false)]
    public void IsIn_Environment_FindsTheWholeCookie(string environment, bool expected) => Assert.Equal(expected, ProcessCookie.IsIn(Encoding.UTF8.GetBytes(environment), "x"));

    [Fact]
    public void Create_ManyAtOnce_AreUniqueOnEachThread()
    {
        string first = ProcessCookie.Create();
        string second = ProcessCookie.Create();
        Assert.NotEqual(first, second);
        Assert.Equal("outer,inner", ProcessCookie.Add("outer", "inner"));
        Assert.Equal("inner", ProcessCookie.Add("", "inner"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(-1)]
    public void Send_NoSingleProcess_IsRefused(int id) => Assert.Throws<ArgumentOutOfRangeException>(() => UnixSignal.Send(id, ProcessSignals.Terminate));

    [Fact]
    public void Signal_IdOfAnotherStart_IsNotSent()
    {
        Shell.Require();
        LinuxProcess self = LinuxProcess.Read(Environment.ProcessId)!.Value;

        // Were it sent, the tests would end here.
        LinuxProcesses.Signal([self with { StartTicks = self.StartTicks + 1 }], ProcessSignals.Kill);
        Assert.Equal(self, LinuxProcess.Read(Environment.ProcessId));
    }
}
