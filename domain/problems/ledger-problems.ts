/** Refusals: the ledger, the outbox, the read model. */
import { meaning, type ProblemMeaning } from './meaning.js';

export const LEDGER_PROBLEMS = {
  // ---- gateway: the ledger, the outbox, the read model
  LEDGER_UNREACHABLE: meaning('unavailable', 'Chưa liên lạc được với sổ cái; vui lòng thử lại.', 'The ledger cannot be reached at the moment; try again.'),
  LEDGER_CONFLICT: meaning('conflict', 'Dữ liệu vừa bị giao dịch khác thay đổi; vui lòng thử lại.', 'Another transaction changed the same data first; try again.'),
  LEDGER_ENDORSEMENT_LACKING: meaning('unavailable', 'Giao dịch này còn thiếu xác nhận của một tổ chức hiện không trả lời, hoặc xác nhận đã có không còn đủ; chưa có gì được ghi. Hãy gửi lại đúng yêu cầu này, với cùng khóa chống lặp nếu có.', 'This transaction lacks the endorsement of an organisation that does not answer at the moment, or those that it had no longer suffice; nothing was recorded. Repeat the same request, with the same idempotency key if it had one.'),
  LEDGER_REJECTED: meaning('refused', 'Sổ cái từ chối giao dịch.', 'The ledger rejected the transaction.'),
  LEDGER_BLOCK_WRONG: meaning('unavailable', 'Một khối của sổ cái không đọc được, không khớp mã băm, chữ ký, hoặc khác với điều các tổ chức khác xác nhận.', 'A block of the ledger cannot be read, does not fit its hashes or signatures, or is not what other organisations say of it.'),
  LEDGER_DIFFERENT: meaning('unavailable', 'Dữ liệu ở đây thuộc về một sổ cái khác.', 'The data here belongs to another ledger.'),
  LEDGER_REWOUND: meaning('unavailable', 'Sổ cái có ít khối hơn dữ liệu đã ghi ở đây.', 'The ledger has fewer blocks than were seen here before.'),
  OUTBOX_FULL: meaning('unavailable', 'Quá nhiều giao dịch đang chờ; vui lòng thử lại sau.', 'Too many transactions are waiting; try again later.'),
  OUTBOX_DAMAGED: meaning('unavailable', 'Dữ liệu giao dịch đang chờ bị hỏng.', 'The stored waiting transactions are damaged.'),
  IDEMPOTENCY_KEY_WRONG: meaning('malformed', 'Khóa chống lặp phải có 1–255 ký tự ASCII hiển thị được.', 'The idempotency key must be 1 to 255 visible ASCII characters.'),
  IDEMPOTENCY_KEY_REUSED: meaning('conflict', 'Khóa chống lặp này đã dùng cho một nội dung khác.', 'This idempotency key was used before with another body.'),
  READ_MODEL_DAMAGED: meaning('unavailable', 'Bản sao để đọc bị hỏng và đang được dựng lại từ sổ cái.', 'The copy for reading is damaged and is being rebuilt from the ledger.'),
  READ_MODEL_CHECKING: meaning('unavailable', 'Bản sao để đọc đang được kiểm tra; vui lòng thử lại sau vài giây.', 'The copy for reading is being checked; try again in a few seconds.'),
  STORE_IN_USE: meaning('unavailable', 'Một tiến trình khác đang dùng thư mục dữ liệu này.', 'Another process is using this data directory.'),
  STORE_FAILED: meaning('unavailable', 'Không ghi được xuống đĩa; hệ thống tạm dừng ghi.', 'Writing to disk failed; the system has stopped writing.'),
  // ---- gateway: a network of peers, and keys that enterprises hold themselves
  FABRIC_CONNECTION_WRONG: meaning('malformed', 'Tệp mô tả kết nối tới mạng Fabric (connection.json) bị thiếu hoặc sai ở chỗ ghi kèm.', 'The description of the connection to the Fabric network (connection.json) is missing, or wrong where it is stated.'),
  ENROLMENT_ELSEWHERE: meaning('refused', 'Máy này không giữ cơ quan cấp chứng thư của tổ chức thành viên ghi kèm; chứng thư phải được cấp ở nơi giữ nó.', 'This machine does not keep the certificate authority of the member organisation stated; the certificate has to be made where it is kept.'),
  CERTIFICATION_REQUEST_WRONG: meaning('malformed', 'Yêu cầu cấp chứng thư (PKCS #10) không đọc được, không dùng khóa P-256, hoặc không do chính khóa đó ký.', 'The certificate request (PKCS #10) cannot be read, has no P-256 key, or is not signed with that key.'),
  // ---- the embedded ledger's own state
  LEDGER_RECORD_DAMAGED: meaning('unavailable', 'Một bản ghi trên đĩa của sổ cái bị hỏng; sổ cái chỉ còn đọc được cho tới khi được kiểm tra và khôi phục.', 'A record on the ledger\'s disk is damaged; the ledger is read-only until it is checked and restored.'),
  LEDGER_READ_ONLY: meaning('unavailable', 'Sổ cái không nhận ghi sau một lỗi đọc hoặc ghi đĩa; hãy khởi động lại sau khi xử lý đĩa.', 'The ledger takes no writes after a disk error; mend the disk and start it again.'),
  LEDGER_IN_USE: meaning('unavailable', 'Thư mục sổ cái đang được một tiến trình khác mở.', 'Another process has the ledger\'s directory open.'),
  LEDGER_OPENED_DIFFERENTLY: meaning('conflict', 'Thư mục sổ cái được tạo cho một kênh hoặc các tổ chức khác.', 'The ledger\'s directory was made for another channel or for other organisations.'),
} as const satisfies Record<string, ProblemMeaning>;
