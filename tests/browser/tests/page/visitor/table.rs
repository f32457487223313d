//! A problem of one's own: its table is typed, opened from files, put right, and never lost.

use retailq_browser_tests::Page;

use super::{fingerprint, hash, visit};

/// Opens a file of these bytes beside the table.
fn open_table(page: &mut Page, bytes: &[u8]) {
    page.eval(&format!(
        "(() => {{ const files = new DataTransfer(); files.items.add(new File([Uint8Array.from({bytes:?})], 'table.csv'));
            const input = document.querySelector('#open-table'); input.files = files.files;
            input.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()"
    ));
}

/// What the cells of a row hold.
fn row(page: &mut Page, row: u32) -> String {
    let cells = page.eval(&format!("[0, 1, 2, 3, 4].map(column => document.querySelector(`#grid-{row}-${{column}}`).value).join()"));
    cells.as_str().unwrap_or_default().to_owned()
}

/// Fills a cell by hand.
fn write(page: &mut Page, row: u32, column: u32, text: &str) {
    page.fill(&format!("#grid-{row}-{column}"), text);
}

/// Presses the table's button of this name.
fn press(page: &mut Page, name: &str) {
    page.eval(&format!("[...document.querySelectorAll('.grid-editor button')].find(it => it.innerText === '{name}').click()"));
}

/// The two states of a shop of one's own.
const SHOP: &str = "state,action,probability,next,reward\nlow,buy,1,high,-3\nhigh,sell,.5,low,8\nhigh,sell,.5,high,0\nlow,wait,1,low,0\n";

#[test]
fn a_mistake_in_the_table_is_said_beside_it_and_wherever_the_run_is_taken_away() {
    visit("#1&p=cart&discount=.9", |page| {
        fingerprint(page);
        open_table(page, SHOP.as_bytes());
        page.wait_for("location.hash.includes('rows=')", 5.0);
        fingerprint(page);
        let link = hash(page);
        write(page, 1, 2, "0,7");
        page.wait_for("document.querySelector('#grid-1-fault').checkVisibility()", 5.0);
        assert_eq!(page.text("#grid-1-fault"), "0,7: write decimals with a point: 0.7; a number from 0 to 1");
        assert_eq!(page.eval("document.querySelector('#grid-1-2').getAttribute('aria-invalid')"), "true");
        assert_eq!(hash(page), link);
        // No file and no link passes for what is on the screen.
        press(page, "Save JSON");
        page.wait_for("document.querySelector('.grid-editor > .fault').innerText.startsWith('Not saved: ')", 5.0);
        page.click("#share");
        page.wait_for("document.querySelector('#share-behind').checkVisibility()", 5.0);
        page.key("Escape");
        write(page, 1, 2, "70％");
        page.wait_for("document.querySelector('#grid-1-fault').innerText.includes('must sum to 1')", 5.0);
        write(page, 2, 2, "3/10");
        page.wait_for("!document.querySelector('.grid-editor .fault:not(:empty)')?.checkVisibility()", 5.0);
        page.click("#share");
        page.wait_for("document.querySelector('#share-dialog[open]')", 5.0);
        assert!(!page.is_visible("#share-behind"));
    });
}

#[test]
fn every_change_of_the_table_can_be_undone_another_preset_included() {
    visit("#1&p=cart&discount=.9", |page| {
        fingerprint(page);
        open_table(page, SHOP.as_bytes());
        page.wait_for("document.querySelector('#grid-0-0').value === 'low'", 5.0);
        write(page, 0, 4, "-2");
        assert_eq!(row(page, 0), "low,buy,1,high,-2");
        press(page, "Empty the table");
        page.wait_for("document.querySelector('#grid-0-0').value === ''", 5.0);
        page.click("#grid-undo");
        page.wait_for("document.querySelector('#grid-0-0').value === 'low'", 5.0);
        assert_eq!(row(page, 0), "low,buy,1,high,-2");
        page.click("#grid-undo");
        page.wait_for("document.querySelector('#grid-0-4').value === '-3'", 5.0);
        // Even one that made no sense yet outlives a look at another problem.
        write(page, 0, 2, "half");
        page.choose("#scenario", "puterman");
        page.wait_for("location.hash === '#1&p=puterman'", 5.0);
        page.choose("#scenario", "custom");
        page.wait_for("document.querySelector('#grid-undo:enabled')", 5.0);
        page.click("#grid-undo");
        page.wait_for("document.querySelector('#grid-0-2').value === 'half'", 5.0);
        write(page, 0, 2, "1");
        // It makes sense now, but the preset's discount does not go with it: no state of it ends an episode.
        page.wait_for("document.querySelector('#refused')?.innerText.includes('Discount of the objective = 1')", 5.0);
        page.fill("#field-discount", ".9");
        page.wait_for("location.hash.includes('rows=')", 5.0);
    });
}

#[test]
fn a_table_from_a_spreadsheet_in_chinese_is_read_and_a_picture_is_not() {
    visit("#1&p=cart&discount=.9", |page| {
        fingerprint(page);
        // 低,买,1,高,3 and 高,卖,1,低,5 as spreadsheets in Chinese save them, in GB 18030.
        let rows = b"\xb5\xcd,\xc2\xf2,1,\xb8\xdf,3\r\n\xb8\xdf,\xc2\xf4,1,\xb5\xcd,5\r\n";
        open_table(page, rows);
        page.wait_for("document.querySelector('#grid-0-0').value === '低'", 5.0);
        assert_eq!((row(page, 0), row(page, 1)), ("低,买,1,高,3".to_owned(), "高,卖,1,低,5".to_owned()));
        open_table(page, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
        page.wait_for(
            "document.querySelector('.grid-editor > .fault').innerText === 'file = table.csv: is not a text; save it as UTF-8'",
            5.0,
        );
        assert_eq!(row(page, 0), "低,买,1,高,3");
    });
}

#[test]
fn a_pasted_table_with_its_heading_takes_the_place_of_the_sample_and_counts_are_scaled() {
    visit("#1&p=cart&discount=.9", |page| {
        fingerprint(page);
        page.click("#grid-0-0");
        page.eval(
            "(() => { const data = new DataTransfer();
                data.setData('text/plain', 'state\\taction\\tprobability\\tnext\\treward\\nlow\\tbuy\\t0,3\\thigh\\t$10,5\\nlow\\tbuy\\t70\\tlow\\t0\\nhigh\\tsell\\t1\\tlow\\t2');
                document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })); })()",
        );
        page.wait_for("document.querySelector('#grid-2-0')?.value === 'high' && !document.querySelector('#grid-3-0')", 5.0);
        assert_eq!(row(page, 0), "low,buy,0.3,high,10.5");
        page.wait_for("document.querySelector('#grid-scale')?.checkVisibility()", 5.0);
        write(page, 0, 2, "30");
        page.click("#grid-scale");
        page.wait_for("document.querySelector('#grid-0-2').value === '.3' && document.querySelector('#grid-1-2').value === '.7'", 5.0);
        page.wait_for("location.hash.includes('rows=') && document.activeElement.id === 'grid-0-2'", 5.0);
        assert!(!page.is_visible("#grid-scale"));
        page.click("#grid-undo");
        page.wait_for("document.querySelector('#grid-1-2').value === '70'", 5.0);
    });
}
