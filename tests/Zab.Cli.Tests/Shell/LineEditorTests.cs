using Zab.Cli.Shell.Terminal;

namespace Zab.Cli.Tests.Shell;

public sealed class LineEditorTests
{
    private static readonly string[] s_words = ["get ", "getAcl "];

    [Theory]
    [InlineData("ls /", "ls /")]
    [InlineData("ls x<Backspace>/", "ls /")]
    [InlineData("<Backspace><Delete><Left><Right>ls", "ls")]
    [InlineData("s<Left>l", "ls")]
    [InlineData("ls<Left><Left><Right>x", "lxs")]
    [InlineData("ls<Home>a<End>b", "alsb")]
    [InlineData("ls<C-A>a<C-E>b", "alsb")]
    [InlineData("lxs<Left><Left><Delete>", "ls")]
    [InlineData("lxs<C-B><C-B><C-D>", "ls")]
    [InlineData("ls<C-A><C-F>x", "lxs")]
    [InlineData("ls<C-H>", "l")]
    [InlineData("get /a/b<C-W>x", "get x")]
    [InlineData("get /a  <C-W>x", "get x")]
    [InlineData("get /a<C-U>ls", "ls")]
    [InlineData("get /a<C-A><C-K>ls", "ls")]
    [InlineData("get /a<C-W>x <C-Y>", "get x /a")]
    [InlineData("get /a<C-U><C-K><C-Y><C-Y>", "get /aget /a")]
    [InlineData("get one two<C-Left>x", "get one xtwo")]
    [InlineData("get one two<C-Left><C-Left>x", "get xone two")]
    [InlineData("get one two<C-A><C-Right>x", "getx one two")]
    [InlineData("get one two<C-A><A-F><A-F>x<A-B>y", "get yonex two")]
    [InlineData("LS <F5>/", "LS /")]
    public async Task Keys_edit_the_line(string keys, string expected)
    {
        FakeTerminal terminal = new FakeTerminal().Press(keys + "<Enter>");

        Assert.Equal(expected, await Editor(terminal).ReadLineAsync("> "));
        Assert.Equal($"> {expected.TrimEnd()}\n", terminal.Above);
        Assert.False(terminal.IsInterruptAKey);
    }

    [Theory]
    [InlineData("<Up>", "two")]
    [InlineData("<Up><Up>", "one")]
    [InlineData("<Up><Up><Up><Up>", "one")]
    [InlineData("<Up><Up><Down>", "two")]
    [InlineData("thr<Up><Up><Down><Down>ee", "three")]
    [InlineData("<Down>x", "x")]
    [InlineData("<C-P><C-P><C-N>x", "twox")]
    public async Task Arrows_bring_back_lines_and_the_one_that_was_begun(string keys, string expected)
    {
        LineHistory history = new();
        history.Add("one");
        history.Add("two");

        LineEditor editor = Editor(new FakeTerminal().Press(keys + "<Enter>"), history);

        Assert.Equal(expected, await editor.ReadLineAsync("> "));
    }

    [Fact]
    public async Task The_cursor_stands_where_the_next_character_goes()
    {
        FakeTerminal terminal = new();
        string seen = "";
        terminal.Press("abc<Left><Left>").Then(() => seen = terminal.RowWithCursor).Press("<Enter>");

        _ = await Editor(terminal).ReadLineAsync("> ");

        Assert.Equal("> a|bc", seen);
    }

    [Fact]
    public async Task Control_C_gives_a_line_up_and_control_D_ends_the_input()
    {
        FakeTerminal terminal = new FakeTerminal().Press("abc<C-C>d<Enter><C-D>");
        LineEditor editor = Editor(terminal);

        Assert.Equal("d", await editor.ReadLineAsync("> "));
        Assert.Null(await editor.ReadLineAsync("> "));
        Assert.Equal("> abc^C\n> d\n>\n", terminal.Above);
    }

    [Fact]
    public async Task What_happens_meanwhile_is_shown_above_the_line()
    {
        FakeTerminal terminal = new();
        LineEditor editor = Editor(terminal);
        string row = "";
        terminal.Press("abc<Left>").Then(() => editor.Announce("news"))
            .Press("x").Then(() => row = terminal.RowWithCursor).Press("<Enter>");

        Assert.Equal("abxc", await editor.ReadLineAsync("> "));
        Assert.Equal("> abx|c", row);
        Assert.Equal("news\n> abxc\n", terminal.Above);
        editor.Announce("more");
        Assert.EndsWith("\nmore\n", terminal.Above, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_is_longer_than_the_row_is_shown_around_the_cursor()
    {
        FakeTerminal terminal = new(columns: 10);
        List<string> rows = [];
        terminal.Press("abcdefghij").Then(() => rows.Add(terminal.RowWithCursor))
            .Press("<Home>").Then(() => rows.Add(terminal.RowWithCursor))
            .Press("<Right><Delete>").Then(() => rows.Add(terminal.RowWithCursor))
            .Press("<Enter>");

        Assert.Equal("acdefghij", await Editor(terminal).ReadLineAsync("> "));
        Assert.Equal(["> defghij|", "> |abcdefg", "> a|cdefgh"], rows);
    }

    [Fact]
    public async Task Two_halves_of_one_character_go_together()
    {
        FakeTerminal terminal = new FakeTerminal().Press("a\U0001F600b<Left><Backspace>\U0001F600<Left><Delete><Enter>");

        Assert.Equal("ab", await Editor(terminal).ReadLineAsync("> "));
    }

    [Fact]
    public async Task Control_L_empties_the_screen_and_keeps_the_line()
    {
        FakeTerminal terminal = new FakeTerminal().Press("a<Enter>bc<C-L>d<Enter>");
        LineEditor editor = Editor(terminal);

        Assert.Equal("a", await editor.ReadLineAsync("> "));
        Assert.Equal("bcd", await editor.ReadLineAsync("> "));
        Assert.Equal("> bcd\n", terminal.Above);
    }

    [Theory]
    [InlineData("g<Tab>", "get", "> get\n")]
    [InlineData("get<Tab>", "get", "get  getAcl\n> get\n")]
    [InlineData("getA<Tab>x", "getAcl x", "> getAcl x\n")]
    [InlineData("x<Tab>", "x", "> x\n")]
    [InlineData("xg<Left><Home><Right><Tab>", "xg", "> xg\n")]
    public async Task Tab_completes_as_far_as_is_certain_and_then_shows_what_there_is(
        string keys, string expected, string screen)
    {
        FakeTerminal terminal = new FakeTerminal().Press(keys + "<Enter>");
        LineEditor editor = new(terminal, new LineHistory(), text => Task.FromResult(new Completion(
            0,
            [.. s_words.Where(word => word.StartsWith(text, StringComparison.Ordinal))])));

        Assert.Equal(expected, await editor.ReadLineAsync("> "));
        Assert.Equal(screen, terminal.Above);
    }

    [Fact]
    public async Task A_thousand_candidates_do_not_fill_the_screen()
    {
        FakeTerminal terminal = new FakeTerminal(columns: 2000).Press("<Tab><Enter>");
        LineEditor editor = new(terminal, new LineHistory(), _ => Task.FromResult(new Completion(
            0, [.. Enumerable.Range(0, 1000).Select(number => $"{number}")])));

        _ = await editor.ReadLineAsync("> ");

        Assert.Contains("  99  and 900 more\n", terminal.Above, StringComparison.Ordinal);
    }

    private static LineEditor Editor(FakeTerminal terminal, LineHistory? history = null) =>
        new(terminal, history ?? new LineHistory(), _ => Task.FromResult(new Completion(0, [])));
}
